import { makeRunId, type Logger, type RunId, type Skill } from '@praxis/core';
import { MemoryArtifacts, openCatalog } from '@praxis/environments';
import type { Payload, QueueName, Queues } from '@praxis/platform';
import { solve, type PlanRequest } from '@praxis/search';
import { migrate, openStore } from '@praxis/store';
import type { ArchiveApi, ExecutorApi } from '@praxis/wire';
import { testDatabase } from './postgres.js';

/** A job that waits. */
export interface Job {
  readonly queue: QueueName;
  readonly payload: Payload<QueueName>;
  readonly delayMs: number;
  /** When it is due, in milliseconds since 1970-01-01 UTC. */
  readonly dueAt: number;
}

/** Those who take jobs. */
export interface Players {
  readonly advance: { pass(run: RunId, signal: AbortSignal): Promise<void> };
  readonly execute: { work(subgoal: string, signal: AbortSignal): Promise<void> };
}

/** More than any rehearsal needs. */
const MOST_JOBS = 300;

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };
const unknown = (): Promise<never> => Promise.reject(new Error('nobody here answers this'));

/**
 * What a planner and an executor are built from, on a database of its own, with a clock and queues that a test turns by
 * hand: no job is done unless the test lets it, and whatever is done is done in one order.
 */
export class Rehearsal {
  /** Jobs that nobody has taken, oldest first. */
  jobs: Job[] = [];
  /** Each question after the time is so much later than the one before. */
  tickMs = 1;
  #now = 1_800_000_000_000;
  #runs = 0;

  private constructor(
    private readonly store: Awaited<ReturnType<typeof openStore>>,
    private readonly skills: readonly { readonly skill: Skill; readonly performs: string | null }[],
    /** Ends it, database and all. */
    readonly close: () => Promise<void>,
  ) {}

  static async open(
    skills: readonly { readonly skill: Skill; readonly performs: string | null }[] = [],
  ): Promise<Rehearsal> {
    const database = await testDatabase();
    await migrate(database.url);
    const clock = { now: (): number => rehearsal.now() };
    const store = await openStore({ url: database.url, log: silent, clock, poolSize: 4 });
    const close = async (): Promise<void> => {
      await store.close();
      await database.drop();
    };
    const rehearsal: Rehearsal = new Rehearsal(store, skills, close);
    return rehearsal;
  }

  now(): number {
    return (this.#now += this.tickMs);
  }

  /** Lets time go by. */
  later(ms: number): void {
    this.#now += ms;
  }

  /** What services are built from. */
  parts() {
    const { store, skills } = this;
    const worlds = openCatalog({
      artifacts: new MemoryArtifacts(),
      sessions: store.sessions,
      remotes: {},
      log: silent,
    });
    const archive: ArchiveApi = store.archive;
    const describe: ExecutorApi['describe'] = async () => ({
      name: 'rehearsal',
      lanes: ['default'],
      worlds: await worlds.list(),
      skills: skills.map(({ skill }) => skill.manifest),
      strategies: [],
      busy: [],
      draining: false,
    });
    return {
      address: '127.0.0.1:0',
      log: silent,
      store,
      queues: this.#queues(),
      worlds,
      archive,
      executor: { describe, drain: unknown } satisfies ExecutorApi,
      search: async (request: PlanRequest) => solve(request),
      approvals: [],
      remindMs: 60_000,
      retention: { maxAgeMs: null, maxBytes: null },
      clock: { now: () => this.now() },
      newRunId: (): RunId => makeRunId(new Uint8Array(32).fill(++this.#runs)),
      sweepMs: 1_000,
      name: 'rehearsal',
      lanes: ['default'],
      concurrency: 1,
      declared: skills,
    };
  }

  /** Lets the jobs that wait be done, one after the other, and those they lead to, until none waits that is due. */
  async play({ advance, execute }: Players): Promise<void> {
    const { signal } = new AbortController();
    for (let at = 0, done = 0; at < this.jobs.length; done++) {
      const job = this.jobs[at]!;
      if (done > MOST_JOBS) throw new Error(`This comes to no end; next would be ${JSON.stringify(job)}.`);
      if (job.delayMs > 0 || job.queue === 'reflect') at++;
      else {
        this.jobs.splice(at, 1);
        if ('run' in job.payload) await advance.pass(job.payload.run, signal);
        else if ('subgoal' in job.payload) await execute.work(job.payload.subgoal, signal);
      }
    }
  }

  /**
   * As `play`, and lets time go by to the next job that is due later, until none waits at all; or no longer than it is
   * told.
   */
  async playOut(players: Players, forMs = Number.MAX_SAFE_INTEGER): Promise<void> {
    const end = this.#now + forMs;
    for (let rounds = 0; rounds <= MOST_JOBS; rounds++) {
      await this.play(players);
      const later = this.jobs
        .filter((j) => j.queue !== 'reflect' && j.dueAt <= end)
        .toSorted((a, b) => a.dueAt - b.dueAt)[0];
      if (!later) return;
      this.#now = Math.max(this.#now, later.dueAt);
      this.jobs = this.jobs.map((j) => (j === later ? { ...j, delayMs: 0 } : j));
    }
    throw new Error('This comes to no end.');
  }

  #queues(): Queues {
    const add: Queues['add'] = async (queue, payload, { delayMs = 0 } = {}) => {
      const isThere =
        queue === 'execute' &&
        this.jobs.some((j) => j.queue === queue && JSON.stringify(j.payload) === JSON.stringify(payload));
      if (!isThere) this.jobs.push({ queue, payload, delayMs, dueAt: this.#now + delayMs });
      return true;
    };
    const ticks = { next: () => null, keep: async () => true, drop: async () => true };
    return {
      backend: 'postgres',
      add,
      work: unknown,
      ticks,
      counts: unknown,
      ping: async () => undefined,
      close: async () => undefined,
    };
  }
}
