import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  goalSchema,
  PraxisError,
  type ArtifactRef,
  type FaultPointName,
  type GoalInput,
  type Json,
  type Playbook,
  type RunId,
} from '@praxis/core';
import { freePort } from '@praxis/platform';
import { bindInputs, titleOfPlaybook } from '@praxis/playbooks';
import { connectArtifacts, connectPlanner, type Closable, type PlannerApi, type RunEnd } from '@praxis/wire';
import { Service } from '../../bench/src/chaos/service.js';

const VICTIMS = { planner: 'planner', executor: 'executor-1' } as const;
export type Victim = keyof typeof VICTIMS;

/** A kill that waits for a process at a point. */
export interface ArmedKill {
  readonly victim: Victim;
  readonly point: FaultPointName;
  readonly nth: number;
}

/** A planner and an executor as processes of their own; whichever dies is started again, as a supervisor would. */
export class WorkCluster {
  readonly #services = new Map<Victim, Service>();
  readonly planner: PlannerApi & Closable;
  readonly artifacts: ReturnType<typeof connectArtifacts>;
  #struck = false;

  private constructor(
    readonly env: Readonly<Record<string, string>>,
    address: string,
  ) {
    this.planner = connectPlanner(address, { deadlineMs: 5_000 });
    this.artifacts = connectArtifacts(address);
  }

  static async open(stores: Readonly<Record<string, string>>, dir: string, skills: string): Promise<WorkCluster> {
    const file = join(dir, 'skills.json');
    writeFileSync(file, skills);
    const [planner, executor, archive] = await Promise.all([0, 1, 2].map(async () => `127.0.0.1:${await freePort()}`));
    const env = {
      HOME: dir,
      ...stores,
      PRAXIS_PLANNER_ADDRESS: planner!,
      PRAXIS_EXECUTOR_ADDRESS: executor!,
      PRAXIS_ARCHIVE_ADDRESS: archive!,
      PRAXIS_SKILLS_FILE: file,
      // What the shop says decides whom to remind: the deployment says that this is as it should be.
      PRAXIS_APPROVALS_RULES: 'allow skill=remind',
      PRAXIS_SWEEP_INTERVAL_MS: '500',
      PRAXIS_QUEUE_LOCK_MS: '2000',
      PRAXIS_SEARCH_WORKERS: '1',
      PRAXIS_LOG_LEVEL: 'error',
    };
    const cluster = new WorkCluster(env, planner!);
    // The first one brings the database to its schema.
    for (const victim of Object.keys(VICTIMS) as Victim[]) {
      const service = new Service({
        name: VICTIMS[victim],
        env,
        dir,
        onFault: () => void (cluster.#struck = true),
        onLine: () => undefined,
      });
      cluster.#services.set(victim, service);
      await service.start();
    }
    return cluster;
  }

  /** Lets a process die at the nth passage of a point from now on; tells afterwards whether it came there. */
  async arm({ victim, point, nth }: ArmedKill): Promise<() => Promise<boolean>> {
    this.#struck = false;
    const service = this.#services.get(victim)!;
    await service.arm({ seed: `${point}:${nth}`, faults: [{ point, nth, action: 'kill', ms: 0 }] });
    return async () => {
      const struck = this.#struck;
      await service.arm({ seed: '', faults: [] });
      return struck;
    };
  }

  /** Kills a process that may be anywhere; it is started again. */
  async kill9(victim: Victim): Promise<void> {
    this.#services.get(victim)!.signal('SIGKILL');
    await sleep(100);
    await this.#services.get(victim)!.ready();
  }

  /** Submits a goal as a careful client would: one key is one run, however often it has to be said. */
  async submit(playbook: Playbook, given: Readonly<Record<string, Json>>, key: string): Promise<RunId> {
    const inputs = bindInputs(playbook, given);
    return this.submitGoal({ title: titleOfPlaybook(playbook, inputs), playbook, inputs }, key);
  }

  /** As `submit`, for any goal. */
  async submitGoal(input: GoalInput, key: string): Promise<RunId> {
    const limits = { budget: { steps: 5_000 }, archive: { use: false, learn: false } };
    const goal = goalSchema.parse({ ...limits, ...input });
    return this.#patiently(() => this.planner.submit(goal, key));
  }

  put(name: string, mediaType: string, bytes: string): Promise<ArtifactRef> {
    return this.artifacts.put(Buffer.from(bytes), { name, mediaType });
  }

  end(run: RunId): Promise<RunEnd> {
    return this.planner.wait(run, 10_000);
  }

  /** Says yes to what a run asks first. */
  async approve(run: RunId): Promise<void> {
    for (;;) {
      const [asked] = await this.#patiently(() => this.planner.questions({ run, kind: 'question' }));
      if (asked) {
        const answer = { verdict: 'answer', by: 'ann', reason: '', args: null, grant: null, value: 'yes' } as const;
        return this.#patiently(() => this.planner.answer(asked.question.id, answer));
      }
      const { summary } = await this.planner.get(run);
      if (summary.endedAt !== null) throw new Error(`${run} ended before it asked: ${summary.reason}`);
      await sleep(50);
    }
  }

  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (PraxisError.from(error).code !== 'unavailable') throw error;
        await sleep(100);
      }
    }
  }

  async stop(): Promise<void> {
    this.planner.close();
    this.artifacts.close();
    await Promise.all([...this.#services.values()].map((service) => service.stop()));
  }
}
