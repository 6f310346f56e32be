import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError, faultPoint, type Logger } from '@praxis/core';
import type { BackedQueue, JobCounts, QueueBackend } from './queue-backend.js';
import { QUEUES, queueId, type Payload, type QueueName } from './queue-catalog.js';
import type { Ticks } from './queue-ticks.js';
import { takeJobs, type Handler, type WorkerHandle } from './queue-worker.js';

/**
 * Queues carry wake-ups.
 *
 * queues.1 A job holds ids only; whoever takes it reads the journal (S2).
 * queues.2 `add` never throws for want of the store: a wake-up that is lost is added again by the sweep.
 * queues.3 Jobs are named by their subgoal or schedule: adding one that waits or runs changes nothing.
 * queues.4 `advance` jobs are never merged: a cause that arrives while a pass runs leads to another pass.
 * queues.5 A job is handled once; what failed for a while is tried again by the sweep, never by the queue. The job of a
 *          worker that died goes to another one as soon as its lock is over.
 * queues.6 How many jobs a worker takes at a time may change while it works.
 */
export interface Queues {
  readonly backend: 'postgres' | 'redis';
  /** False where the store is away and the wake-up was dropped. */
  add<Q extends QueueName>(
    queue: Q,
    payload: Payload<Q>,
    options?: { readonly lane?: string; readonly delayMs?: number },
  ): Promise<boolean>;
  work<Q extends QueueName>(
    queue: Q,
    handler: Handler<Q>,
    options: { readonly concurrency: number; readonly lane?: string },
  ): Promise<WorkerHandle>;
  /** Jobs of the queue `schedule` that come by themselves. */
  readonly ticks: Ticks;
  /** What is in every queue, `execute` once for each of the lanes; fails with `unavailable` where the store is away. */
  counts(lanes?: readonly string[]): Promise<readonly QueueState[]>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A queue and what is in it. */
export interface QueueState extends JobCounts {
  readonly queue: QueueName;
  /** Null for queues without lanes. */
  readonly lane: string | null;
}

/** A store that has not counted its jobs within this is away, for whoever asks. */
const COUNT_MS = 2_000;

export interface QueueOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly lockMs: number;
  readonly log: Logger;
}

/**
 * Passes that are over stay on the board for people; jobs with a subgoal's name may not, or it could not be added again
 * (queues.3).
 */
const KEPT_FOR_PEOPLE = 200;

/** Opens the queues on Redis where a URL is given, else on Postgres. */
export async function openQueues(options: QueueOptions): Promise<Queues> {
  // BullMQ and its drivers are slow to load, and most commands need no queue.
  const [{ openBackend }, { SchedulerTicks }] = await Promise.all([
    import('./queue-backend.js'),
    import('./queue-ticks.js'),
  ]);
  const backend = await openBackend(options.databaseUrl, options.redisUrl);
  return new BullQueues(backend, options, (queue) => new SchedulerTicks(queue, () => backend.isHere(), options.log));
}

class BullQueues implements Queues {
  readonly backend: 'postgres' | 'redis';
  readonly ticks: Ticks;
  readonly #queues = new Map<string, BackedQueue>();
  readonly #workers = new Set<WorkerHandle>();
  /** The last wake-up did not reach the store. */
  #isDropping = false;

  constructor(
    private readonly store: QueueBackend,
    private readonly options: Pick<QueueOptions, 'lockMs' | 'log'>,
    makeTicks: (queue: () => BackedQueue) => Ticks,
  ) {
    this.backend = store.kind;
    this.ticks = makeTicks(() => this.queue(queueId('schedule')));
  }

  async add<Q extends QueueName>(
    queue: Q,
    payload: Payload<Q>,
    options: { readonly lane?: string; readonly delayMs?: number } = {},
  ): Promise<boolean> {
    const jobId = jobName(payload);
    try {
      if (!this.store.isHere()) throw new PraxisError('unavailable', 'The store of the queues is away.');
      await faultPoint('queue.before-add');
      await this.queue(queueId(queue, options.lane)).add(queue, payload, {
        jobId,
        attempts: 1,
        removeOnComplete: queue === 'advance' ? { count: KEPT_FOR_PEOPLE } : true,
        removeOnFail: true,
        ...(options.delayMs === undefined ? {} : { delay: options.delayMs }),
      });
      await faultPoint('queue.after-add');
      this.#isDropping = false;
      return true;
    } catch (err) {
      // Once for each time the store goes away: the sweep tries every idle run again, round after round.
      this.options.log[this.#isDropping ? 'debug' : 'warn']('a wake-up was dropped; the sweep sends it again', {
        queue,
        err,
      });
      this.#isDropping = true;
      return false;
    }
  }

  work<Q extends QueueName>(
    queue: Q,
    handler: Handler<Q>,
    options: { readonly concurrency: number; readonly lane?: string },
  ): Promise<WorkerHandle> {
    const worker = takeJobs({
      queue,
      lane: options.lane,
      store: this.store,
      take: { concurrency: options.concurrency, lockMs: this.options.lockMs },
      log: this.options.log.child({ queue }),
      handler,
    });
    const handle: WorkerHandle = {
      widen: (concurrency) => worker.widen(concurrency),
      close: () => {
        this.#workers.delete(handle);
        return worker.close();
      },
    };
    this.#workers.add(handle);
    return Promise.resolve(handle);
  }

  async counts(lanes: readonly string[] = ['default']): Promise<readonly QueueState[]> {
    const named = (Object.keys(QUEUES) as QueueName[]).flatMap((queue) =>
      (queue === 'execute' ? lanes : [null]).map((lane) => ({ queue, lane })),
    );
    const ids = named.map(({ queue, lane }) => queueId(queue, lane ?? undefined));
    const late = new AbortController();
    try {
      if (!this.store.isHere()) throw new PraxisError('unavailable', 'it is not connected');
      const counted = await Promise.race([
        this.store.counts(ids, (id) => this.queue(id)),
        sleep(COUNT_MS, null, { signal: late.signal }),
      ]);
      if (counted === null) throw new PraxisError('unavailable', 'it does not answer in time');
      return named.map((name, i) => ({ ...name, ...counted[i]! }));
    } catch (cause) {
      throw new PraxisError(
        'unavailable',
        'The store of the queues is away; what waits in them is known again when it is back.',
        { cause },
      );
    } finally {
      late.abort();
    }
  }

  ping(): Promise<void> {
    return this.store.ping();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((w) => w.close()));
    await Promise.race([Promise.all([...this.#queues.values()].map((q) => q.close())), this.store.gone()]);
    await this.store.close();
  }

  private queue(id: string): BackedQueue {
    let queue = this.#queues.get(id);
    if (!queue) {
      queue = this.store.queue(id);
      queue.on('error', () => undefined);
      this.#queues.set(id, queue);
    }
    return queue;
  }
}

const jobName = (payload: Payload<QueueName>): string => {
  if ('run' in payload) return `${payload.run}.${randomUUID()}`;
  return 'subgoal' in payload ? payload.subgoal : payload.schedule;
};
