import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionText, type GoalInput, type RunId } from '@praxis/core';
import { freePort } from '@praxis/platform';
import { workshopGoal } from '@praxis/testing';
import { connectPlanner, type Closable, type PlannerApi, type WatchedEvent } from '@praxis/wire';
import { start, type Running } from '../praxis.js';

const SERVICES = ['planner', 'executor', 'reflector'] as const;
type Service = (typeof SERVICES)[number];

/** What became of a run, as whoever watches it is told. */
export interface Story {
  readonly outcome: string;
  readonly reason: string;
  /** What was done, in order: `(make ann cup)`. */
  readonly did: readonly string[];
  /** Steps that were decided, tried or observed more than once. */
  readonly twice: readonly string[];
}

/** Planner, executor and reflector as processes of their own; what is made, packed and sent happens at `outside`. */
export class Cluster {
  readonly #processes = new Map<Service, Running>();

  private constructor(
    readonly env: NodeJS.ProcessEnv,
    readonly planner: PlannerApi & Closable,
  ) {}

  static async open(stores: NodeJS.ProcessEnv, dir: string, outside: string): Promise<Cluster> {
    const skills = join(dir, 'skills.yaml');
    const entry = (name: string): string =>
      `  - { name: ${name}, performs: pddl, http: { method: POST, url: "${outside}/${name}/{i}" }, effect: irreversible, keyed: true }`;
    writeFileSync(skills, ['skills:', ...['make', 'pack', 'send'].map(entry), ''].join('\n'));
    const [planner, executor, archive] = await Promise.all(SERVICES.map(async () => `127.0.0.1:${await freePort()}`));
    const addresses = {
      PRAXIS_PLANNER_ADDRESS: planner,
      PRAXIS_EXECUTOR_ADDRESS: executor,
      PRAXIS_ARCHIVE_ADDRESS: archive,
    };
    const env = {
      ...stores,
      ...addresses,
      PRAXIS_SKILLS_FILE: skills,
      PRAXIS_SWEEP_INTERVAL_MS: '500',
      PRAXIS_SEARCH_WORKERS: '1',
    };
    const cluster = new Cluster(env, connectPlanner(planner!));
    // The first one migrates.
    for (const service of SERVICES) await cluster.serve(service);
    return cluster;
  }

  /** Starts a service and waits until it listens. */
  async serve(service: Service): Promise<void> {
    const running = start(['serve', service], this.env);
    this.#processes.set(service, running);
    await running.until(/127\.0\.0\.1:/);
  }

  async kill9(service: Service): Promise<void> {
    await this.#processes.get(service)!.kill('SIGKILL');
  }

  /** Services that have ended, with what they said last. */
  get ended(): readonly string[] {
    return [...this.#processes].flatMap(([name, { child, stderr }]) =>
      child.exitCode === null && child.signalCode === null ? [] : [`${name}: ${stderr.slice(-2_000)}`],
    );
  }

  submit(condition: string, more: Partial<GoalInput> = {}): Promise<RunId> {
    return this.planner.submit(workshopGoal(condition, more), null);
  }

  /** Follows a run to its end. */
  async story(run: RunId): Promise<Story> {
    const told: WatchedEvent[] = [];
    for await (const event of this.planner.watch(run, {}, new AbortController().signal)) told.push(event);
    const last = told.at(-1)?.event;
    const { outcome, reason } = last?.type === 'ended' ? last : { outcome: 'unknown', reason: '' };
    return { outcome, reason, did: told.flatMap(doneBy(told)), twice: repeated(told.flatMap(stepsOf)) };
  }

  async stop(): Promise<void> {
    this.planner.close();
    await Promise.all([...this.#processes.values()].map((p) => p.kill('SIGTERM')));
  }
}

const doneBy =
  (told: readonly WatchedEvent[]) =>
  (watched: WatchedEvent): readonly string[] => {
    const { event, stream } = watched;
    if (event.type !== 'observed' || !event.result.ok) return [];
    return told.flatMap((t) =>
      t.stream === stream && t.event.type === 'decided' && t.event.step === event.step
        ? [actionText(t.event.action)]
        : [],
    );
  };

/** What may happen once only: a decision and an outcome of each step, and a try of each key. */
function stepsOf({ event, stream }: WatchedEvent): readonly string[] {
  if (event.type === 'tried') return [`tried ${event.key}`];
  return event.type === 'decided' || event.type === 'observed' ? [`${event.type} ${stream} ${event.step}`] : [];
}

/** What is there more than once. */
export function repeated(all: readonly string[]): readonly string[] {
  return [...new Set(all.filter((one, i) => all.indexOf(one) !== i))];
}
