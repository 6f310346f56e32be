import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { goalSchema } from '@praxis/core';
import { freePort } from '@praxis/platform';
import { connectPlanner } from '@praxis/wire';
import { percentile } from './medians.js';
import { Meter } from './meter.js';

/** What came of runs through all services; times in milliseconds. */
export interface Across {
  readonly queues: 'Postgres' | 'Redis';
  readonly steps: number;
  readonly subgoals: number;
  readonly gapP50: number;
  readonly gapP99: number;
  /** From the goal's acceptance to its first step. */
  readonly firstP50: number;
  /** With several runs in flight. */
  readonly perSecond: number;
  readonly inFlight: number;
}

export interface AcrossOptions {
  readonly url: string;
  readonly redisUrl: string | null;
  readonly dir: string;
  readonly runs: number;
  readonly length: number;
}

/** Runs in flight for the rate. */
const IN_FLIGHT = 20;

/** A corridor of so many steps: the plainest world of a user's own. */
function corridor(length: number): { readonly domain: string; readonly problem: string } {
  const places = Array.from({ length: length + 1 }, (_, i) => `p${i}`);
  const domain = `(define (domain corridor) (:predicates (at ?p) (next ?a ?b))
    (:action walk :parameters (?a ?b) :precondition (and (at ?a) (next ?a ?b)) :effect (and (at ?b) (not (at ?a)))))`;
  const links = places
    .slice(1)
    .map((p, i) => `(next p${i} ${p})`)
    .join(' ');
  return {
    domain,
    problem: `(define (problem walk) (:domain corridor) (:objects ${places.join(' ')}) (:init (at p0) ${links}) (:goal (at p${length})))`,
  };
}

/** Starts planner, executor and reflector as processes, runs goals one after another and then many at once. */
export async function measureAcross({ url, redisUrl, dir, runs, length }: AcrossOptions): Promise<Across> {
  const env = await environmentOf(dir, url, redisUrl);
  const services: ChildProcess[] = [];
  const meter = await Meter.open(url);
  const client = connectPlanner(env.PRAXIS_PLANNER_ADDRESS);
  const run = async (): Promise<string> => {
    const goal = goalSchema.parse({
      title: 'a walk',
      world: 'pddl',
      problem: corridor(length),
      archive: { learn: false },
      budget: { steps: 2 * length },
    });
    const id = await client.submit(goal, null);
    for await (const event of client.watch(id, {}, new AbortController().signal)) void event;
    return id;
  };
  try {
    for (const service of ['planner', 'executor', 'reflector']) services.push(await serve(service, env));
    for (let i = 0; i < 3; i++) await run();
    const ids: string[] = [];
    for (let i = 0; i < runs; i++) ids.push(await run());
    const paces: Pace[] = [];
    for (const id of ids) paces.push(await paceOf(meter, id));
    const began = performance.now();
    await Promise.all(Array.from({ length: IN_FLIGHT }, run));
    const seconds = (performance.now() - began) / 1000;
    return {
      queues: redisUrl === null ? 'Postgres' : 'Redis',
      ...summaryOf(paces),
      perSecond: (IN_FLIGHT * length) / seconds,
      inFlight: IN_FLIGHT,
    };
  } finally {
    client.close();
    await meter.close();
    for (const service of services) service.kill('SIGTERM');
    await Promise.all(
      services.map((s) => (s.exitCode === null && s.signalCode === null ? once(s, 'exit') : undefined)),
    );
  }
}

/** What the services are told: one folder, one database, and an address for each. */
async function environmentOf(dir: string, url: string, redisUrl: string | null) {
  const address = async (): Promise<string> => `127.0.0.1:${await freePort()}`;
  return {
    PATH: process.env['PATH'],
    HOME: dir,
    NO_COLOR: '1',
    PRAXIS_DATA_DIR: join(dir, '.praxis'),
    PRAXIS_DATABASE_URL: url,
    PRAXIS_PLANNER_ADDRESS: await address(),
    PRAXIS_EXECUTOR_ADDRESS: await address(),
    PRAXIS_ARCHIVE_ADDRESS: await address(),
    ...(redisUrl !== null && { PRAXIS_REDIS_URL: redisUrl }),
  };
}

async function serve(service: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(process.cwd(), 'apps/cli/bin/praxis.mjs'), 'serve', service], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-400)));
  for await (const chunk of child.stdout) if (/127\.0\.0\.1:/.test(String(chunk))) break;
  if (child.exitCode !== null) throw new Error(`The ${service} did not start: ${complaint}`);
  child.stdout.resume();
  return child;
}

/** How a run went. */
interface Pace {
  readonly steps: number;
  readonly subgoals: number;
  readonly first: number;
  readonly gaps: readonly number[];
}

/** When the journal says that the steps of a run happened, whichever subgoal they were made for. */
async function paceOf(meter: Meter, run: string): Promise<Pace> {
  const rows = await meter.ask<{ type: string; stream: string; at: number }>(
    "select type, stream, at::float8 as at from events where run = $1 and type in ('accepted', 'observed') order by at, stream, position",
    [run],
  );
  const accepted = rows.find((r) => r.type === 'accepted')!.at;
  const steps = rows.filter((r) => r.type === 'observed');
  return {
    steps: steps.length,
    subgoals: new Set(steps.map((s) => s.stream)).size,
    first: steps[0]!.at - accepted,
    gaps: steps.slice(1).map((s, i) => s.at - steps[i]!.at),
  };
}

/** The runs that went one after another, in figures. */
function summaryOf(paces: readonly Pace[]): Pick<Across, 'steps' | 'subgoals' | 'gapP50' | 'gapP99' | 'firstP50'> {
  const gaps = paces.flatMap((p) => p.gaps);
  const firsts = paces.map((p) => p.first);
  return {
    steps: paces.reduce((sum, p) => sum + p.steps, 0),
    subgoals: paces.reduce((sum, p) => sum + p.subgoals, 0),
    gapP50: percentile(gaps, 0.5),
    gapP99: percentile(gaps, 0.99),
    firstP50: percentile(firsts, 0.5),
  };
}
