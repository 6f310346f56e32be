import { PraxisError } from '@praxis/core';
import {
  Queue,
  Worker,
  createPostgresBackend,
  runMigrations,
  withBackend,
  type JobsOptions,
  type PostgresConnectionOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import { Pool, type ClientBase } from 'pg';
import { tickStrategy } from './queue-ticks.js';

/** What is used of a BullMQ queue. */
export interface BackedQueue {
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>;
  getJobCounts(...states: ('waiting' | 'active' | 'delayed')[]): Promise<Record<string, number>>;
  getJobs(
    states: 'waiting'[],
    start: number,
    end: number,
    asc: boolean,
  ): Promise<readonly { readonly timestamp: number }[]>;
  getJobScheduler(id: string): Promise<{ readonly pattern?: string; readonly next?: number } | undefined>;
  upsertJobScheduler(
    id: string,
    repeat: { readonly pattern: string },
    template: { readonly name: string; readonly data: unknown; readonly opts: Omit<JobsOptions, 'jobId'> },
  ): Promise<unknown>;
  removeJobScheduler(id: string): Promise<boolean>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** What is used of a BullMQ worker. */
export interface BackedWorker {
  concurrency: number;
  pause(doNotWaitActive: boolean): Promise<void>;
  resume(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: unknown, error: Error) => void): unknown;
}

/** Jobs of one queue. */
export interface JobCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  /** When the job that waits longest was added, in milliseconds since 1970-01-01 UTC; null where none waits. */
  readonly oldestAt: number | null;
}

/** How a worker takes jobs. */
export interface TakeOptions {
  readonly concurrency: number;
  readonly lockMs: number;
}

/** What is done with a job: its data, and when it was added, in milliseconds since 1970-01-01 UTC. */
export type HandleJob = (data: unknown, addedAt: number) => Promise<void>;

/** BullMQ on one of its stores. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  /** False where the store is known to be away: a new queue would wait for it, however long that takes. */
  isHere(): boolean;
  /** Resolves when the store is away; never where that need not be known. */
  gone(): Promise<void>;
  queue(id: string): BackedQueue;
  worker(id: string, handle: HandleJob, options: TakeOptions): BackedWorker;
  /** What is in each of these queues, in their order; `open` is asked for them where that takes a queue. */
  counts(ids: readonly string[], open: (id: string) => BackedQueue): Promise<readonly JobCounts[]>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The one place that chooses the backend: Redis where a URL is given, Postgres otherwise. */
export const openBackend = (databaseUrl: string, redisUrl: string | null): Promise<QueueBackend> =>
  redisUrl === null ? openPostgres(databaseUrl) : openRedis(redisUrl);

/** How soon a worker looks again after its store was away; BullMQ's own 15 s would keep goals waiting. */
const RETRY_MS = 1_000;

/** A store that does not answer within this is away: wake-ups are dropped rather than held. */
const CONNECT_MS = 5_000;

/** How soon after its lock is over a dead worker's job is seen. */
const STALL_CHECK_MS = 500;

/** However often its worker dies, a job goes to another one: what it is about decides whether there is still work. */
const NEVER_GIVE_UP = 1_000_000;

/**
 * A job scheduler's next job is made by whoever takes the one before, so that queues and workers must agree on when.
 */
const settings = { repeatStrategy: tickStrategy };

const taking = ({ concurrency, lockMs }: TakeOptions) => ({
  concurrency,
  lockDuration: lockMs,
  stalledInterval: Math.min(STALL_CHECK_MS, Math.ceil(lockMs / 2)),
  maxStalledCount: NEVER_GIVE_UP,
  runRetryDelay: RETRY_MS,
  settings,
});

/** All queues in one statement; BullMQ would take two for each, and gives the oldest jobs last, however it is asked. */
const COUNTS = `
select count(*) filter (where state = 'waiting')::float8 as waiting, count(*) filter (where state = 'active')::float8 as active,
       count(*) filter (where state = 'delayed')::float8 as delayed,
       (min(added_at_ms) filter (where state = 'waiting'))::float8 as "oldestAt"
  from unnest($1::text[]) with ordinality as wanted(queue, place) left join job using (queue)
 group by place order by place`;

async function openPostgres(url: string): Promise<QueueBackend> {
  // Jobs are wake-ups: losing the last few in a crash costs a sweep, so the queue's commits need not wait for the disk.
  // Set after connecting, since poolers refuse startup parameters.
  // The pool waits for what it gives, though its types do not say so.
  const onConnect = (client: ClientBase): unknown =>
    client.query('set search_path to bullmq; set synchronous_commit to off');
  const pool = new Pool({ connectionString: url, max: 16, connectionTimeoutMillis: CONNECT_MS, onConnect });
  // Every queue and worker listens to the one pool.
  pool.setMaxListeners(0);
  pool.on('error', () => undefined);
  const client = await pool.connect().catch(async (cause: unknown) => {
    await pool.end();
    throw new PraxisError('unavailable', 'The queues cannot reach Postgres; is the database running?', { cause });
  });
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  // Our pool's class has no index signature; it is the pool that BullMQ asks for all the same.
  const connection = pool as unknown as PostgresConnectionOptions;
  const { Queue: PgQueue, Worker: PgWorker } = withBackend(createPostgresBackend);
  return {
    kind: 'postgres',
    isHere: () => true,
    gone: () => new Promise(() => undefined),
    queue: (id) => new PgQueue<unknown>(id, { connection, settings }) as unknown as BackedQueue,
    worker: (id, handle, options) => {
      // Each worker keeps one connection for LISTEN; the others must not run out, however many lanes there are.
      pool.options.max++;
      return new PgWorker<unknown>(id, (job) => handle(job.data, job.timestamp), {
        connection,
        ...taking(options),
      }) as unknown as BackedWorker;
    },
    counts: async (ids) => (await pool.query<JobCounts>(COUNTS, [ids])).rows,
    ping: async () => void (await pool.query('select 1')),
    close: () => pool.end(),
  };
}

async function openRedis(url: string): Promise<QueueBackend> {
  // A wake-up that cannot be sent now is dropped, not queued: the sweep sends it again.
  const adding = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: CONNECT_MS,
    lazyConnect: true,
  });
  adding.on('error', () => undefined);
  await adding.connect().catch((cause: unknown) => {
    adding.disconnect();
    throw new PraxisError(
      'unavailable',
      'The queues cannot reach Redis; is it running, and is PRAXIS_REDIS_URL right?',
      { cause },
    );
  });
  const blocking = new Redis(url, { maxRetriesPerRequest: null });
  for (const client of [adding, blocking]) client.setMaxListeners(0);
  blocking.on('error', () => undefined);
  return {
    kind: 'redis',
    isHere: () => adding.status === 'ready',
    gone: () => new Promise((resolve) => (adding.status === 'ready' ? adding.once('close', resolve) : resolve())),
    queue: (id) => new Queue<unknown>(id, { connection: adding, prefix: 'praxis', settings }) as unknown as BackedQueue,
    worker: (id, handle, options) =>
      new Worker<unknown>(id, (job) => handle(job.data, job.timestamp), {
        connection: blocking,
        prefix: 'praxis',
        ...taking(options),
      }) as unknown as BackedWorker,
    counts: (ids, open) => Promise.all(ids.map((id) => countJobs(open(id)))),
    ping: async () => void (await adding.ping()),
    close: async () => {
      adding.disconnect();
      blocking.disconnect();
    },
  };
}

async function countJobs(queue: BackedQueue): Promise<JobCounts> {
  const [{ waiting = 0, active = 0, delayed = 0 }, [oldest]] = await Promise.all([
    queue.getJobCounts('waiting', 'active', 'delayed'),
    queue.getJobs(['waiting'], 0, 0, true),
  ]);
  return { waiting, active, delayed, oldestAt: oldest?.timestamp ?? null };
}
