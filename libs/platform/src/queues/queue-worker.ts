import { setMaxListeners } from 'node:events';
import { ERROR_TABLE, PraxisError, faultPoint, type Logger } from '@praxis/core';
import type { BackedWorker, QueueBackend, TakeOptions } from './queue-backend.js';
import { QUEUES, queueId, type Payload, type QueueName } from './queue-catalog.js';
import { withinJob } from '../telemetry/job-span.js';

/** What is done with a job; the signal fires when the process stops. */
export type Handler<Q extends QueueName> = (
  payload: Payload<Q>,
  context: { readonly signal: AbortSignal; readonly log: Logger },
) => Promise<void>;

/** A worker that takes jobs until it is closed; closing aborts the handlers' signal and waits for them. */
export interface WorkerHandle {
  /** Lets it take so many jobs at a time from now on; those that are under way go on. */
  widen(concurrency: number): void;
  close(): Promise<void>;
}

/** Which jobs a worker takes, how, and what it does with them. */
interface WorkerParts<Q extends QueueName> {
  readonly queue: Q;
  readonly lane: string | undefined;
  readonly store: QueueBackend;
  readonly take: TakeOptions;
  readonly log: Logger;
  readonly handler: Handler<Q>;
}

/** Takes jobs of a queue, and handles each once (queues.5), until it is closed. */
export function takeJobs<Q extends QueueName>({
  queue,
  lane,
  store,
  take,
  log,
  handler,
}: WorkerParts<Q>): WorkerHandle {
  const stopping = new AbortController();
  // Every job under way listens to it.
  setMaxListeners(0, stopping.signal);
  const running = new Set<Promise<void>>();
  const attempt = async (payload: Payload<Q>): Promise<void> => {
    await faultPoint('queue.before-work');
    await handler(payload, { signal: stopping.signal, log });
    await faultPoint('queue.after-work');
  };
  const run = async (payload: Payload<Q>): Promise<void> => {
    await attempt(payload).catch((thrown: unknown) => {
      if (stopping.signal.aborted) log.debug('work stops with the process', payload);
      else report(thrown, payload, log);
    });
  };
  const handle = async (data: unknown, addedAt: number): Promise<void> => {
    const payload = QUEUES[queue].parse(data) as Payload<Q>;
    const job = withinJob({ queue, lane, payload, addedAt }, () => run(payload)).finally(() => running.delete(job));
    running.add(job);
    return job;
  };
  const worker = store.worker(queueId(queue, lane), handle, take);
  worker.on('error', (err) => {
    if (!stopping.signal.aborted) log.warn('the queue is away; waiting for it', { err });
  });
  worker.on('failed', (_job, err) =>
    log.info('a job of a worker that is gone was given up; the sweep adds it again if it is needed', { err }),
  );
  return {
    widen: (concurrency) => widen(worker, concurrency, stopping.signal, log),
    close: async () => {
      stopping.abort(new PraxisError('unavailable', 'The process is stopping; the work is taken up again later.'));
      await closeWorker(worker, running, store);
    },
  };
}

function widen(worker: BackedWorker, concurrency: number, stopping: AbortSignal, log: Logger): void {
  const isMore = concurrency > worker.concurrency;
  worker.concurrency = concurrency;
  // A worker with all hands full looks for more only when one of its jobs ends, or when it is resumed.
  if (isMore && !stopping.aborted)
    void worker
      .pause(true)
      .then(() => worker.resume())
      .catch((err: unknown) => log.debug('a worker could not be woken', { err }));
}

async function closeWorker(
  worker: BackedWorker,
  running: ReadonlySet<Promise<void>>,
  store: QueueBackend,
): Promise<void> {
  // A worker would wait for a store that is away to hear how its last jobs went; that may be for ever.
  const isHere = await store.ping().then(
    () => true,
    () => false,
  );
  const closed = worker.close(!isHere);
  await Promise.allSettled(running);
  await Promise.race([closed, store.gone()]);
}

/** A handler's error is told to the operator; whether to try again is the sweep's business (queues.5). */
function report(thrown: unknown, payload: object, log: Logger): void {
  const error = PraxisError.from(thrown);
  const fields = { ...(payload as Record<string, string>), code: error.code };
  if (error.code === 'conflict') log.debug('stale work was dropped', fields);
  else if (ERROR_TABLE[error.code].retry === 'never' && error.code !== 'cancelled')
    log.error('work failed', { ...fields, err: error });
  else log.warn('work is put off', { ...fields, why: error.message });
}
