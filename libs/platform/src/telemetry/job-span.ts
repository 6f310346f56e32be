import { SpanKind } from '@opentelemetry/api';
import { parseSubgoalId } from '@praxis/core';
import { queueId, type Payload, type QueueName } from '../queues/queue-catalog.js';
import { reflectSpan, runSpan, subgoalSpan, type SpanRef } from './span-ids.js';
import { within, writeLeaf } from './spans.js';
import { isTracing } from './tracing.js';

/** A job as its worker got it. */
export interface TakenJob {
  readonly queue: QueueName;
  readonly lane: string | undefined;
  readonly payload: Payload<QueueName>;
  /** When it was added, in milliseconds since 1970-01-01 UTC. */
  readonly addedAt: number;
}

/**
 * Does a job's work inside the durable span that its ids name (a job carries nothing else, S2), and tells how long it
 * waited.
 */
export function withinJob<T>(job: TakenJob, work: () => T): T {
  const ref = isTracing() ? spanOf(job) : null;
  if (ref === null) return work();
  const id = queueId(job.queue, job.lane);
  writeLeaf(ref, {
    name: `wait ${id}`,
    kind: SpanKind.CONSUMER,
    startedAt: job.addedAt,
    endedAt: Date.now(),
    attributes: { 'messaging.system': 'bullmq', 'messaging.destination.name': id, 'messaging.operation.name': 'wait' },
  });
  return within(() => ref, work);
}

function spanOf({ queue, payload }: TakenJob): SpanRef | null {
  if ('run' in payload) return runSpan(payload.run);
  // There is no run yet.
  if ('schedule' in payload) return null;
  // Whatever else stands in a job belongs to no trace.
  if (parseSubgoalId(payload.subgoal) === null) return null;
  return queue === 'reflect' ? reflectSpan(payload.subgoal) : subgoalSpan(payload.subgoal);
}
