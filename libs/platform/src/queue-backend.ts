import { PraxisError } from '@praxis/core';
import { Queue, Worker, createPostgresBackend, runMigrations, withBackend, type JobsOptions, type PostgresConnectionOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';

/** What is used of a BullMQ queue. */
export interface BackedQueue {
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>;
  getJobCounts(...states: ('waiting' | 'active' | 'delayed')[]): Promise<Record<string, number>>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** What is used of a BullMQ worker. */
export interface BackedWorker {
  close(force?: boolean): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: unknown, error: Error) => void): unknown;
}

/** How a worker takes jobs. */
export interface TakeOptions {
  readonly concurrency: number;
  readonly lockMs: number;
}

/** BullMQ on one of its stores. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  /** False where the store is known to be away: a new queue would wait for it, however long that takes. */
  isHere(): boolean;
  /** Resolves when the store is away; never where that need not be known. */
  gone(): Promise<void>;
  queue(id: string): BackedQueue;
  worker(id: string, handle: (data: unknown) => Promise<void>, options: TakeOptions): BackedWorker;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The one place that chooses the backend: Redis where a URL is given, Postgres otherwise. */
export const openBackend = (databaseUrl: string, redisUrl: string | null): Promise<QueueBackend> => (redisUrl === null ? openPostgres(databaseUrl) : openRedis(redisUrl));

/** How soon a worker looks again after its store was away; BullMQ's own 15 s would keep goals waiting. */
const RETRY_MS = 1_000;

/** A store that does not answer within this is away: hints are dropped rather than held. */
const CONNECT_MS = 5_000;

/** Retries and stalled jobs are ours (the sweep), so BullMQ gives up at once. */
const taking = ({ concurrency, lockMs }: TakeOptions) => ({ concurrency, lockDuration: lockMs, stalledInterval: Math.ceil(lockMs / 2), maxStalledCount: 0, runRetryDelay: RETRY_MS });

async function openPostgres(url: string): Promise<QueueBackend> {
  // Jobs are hints: losing the last few in a crash costs a sweep, so the queue's commits need not wait for the disk.
  const pool = new Pool({ connectionString: url, max: 16, connectionTimeoutMillis: CONNECT_MS, options: '-c search_path=bullmq -c synchronous_commit=off' });
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
    queue: (id) => new PgQueue<unknown>(id, { connection }) as unknown as BackedQueue,
    worker: (id, handle, options) => {
      // Each worker keeps one connection for LISTEN; the others must not run out, however many lanes there are.
      pool.options.max++;
      return new PgWorker<unknown>(id, (job) => handle(job.data), { connection, ...taking(options) }) as unknown as BackedWorker;
    },
    ping: async () => void (await pool.query('select 1')),
    close: () => pool.end(),
  };
}

async function openRedis(url: string): Promise<QueueBackend> {
  // A hint that cannot be sent now is dropped, not queued: the sweep sends it again.
  const adding = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, connectTimeout: CONNECT_MS, lazyConnect: true });
  adding.on('error', () => undefined);
  await adding.connect().catch((cause: unknown) => {
    adding.disconnect();
    throw new PraxisError('unavailable', 'The queues cannot reach Redis; is it running, and is PRAXIS_REDIS_URL right?', { cause });
  });
  const blocking = new Redis(url, { maxRetriesPerRequest: null });
  for (const client of [adding, blocking]) client.setMaxListeners(0);
  blocking.on('error', () => undefined);
  return {
    kind: 'redis',
    isHere: () => adding.status === 'ready',
    gone: () => new Promise((resolve) => (adding.status === 'ready' ? adding.once('close', resolve) : resolve())),
    queue: (id) => new Queue<unknown>(id, { connection: adding, prefix: 'praxis' }) as unknown as BackedQueue,
    worker: (id, handle, options) => new Worker<unknown>(id, (job) => handle(job.data), { connection: blocking, prefix: 'praxis', ...taking(options) }) as unknown as BackedWorker,
    ping: async () => void (await adding.ping()),
    close: async () => {
      adding.disconnect();
      blocking.disconnect();
    },
  };
}
