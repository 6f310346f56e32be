import type { ExecutorState, Overview, QueueState } from '../service-apis.js';
import type * as pb from '../gen/praxis/v1/overview.js';
import type * as planner from '../gen/praxis/v1/planner.js';
import { backendCodec, queueCodec, runStatusCodec, trustCodec, type Words } from './enum-codecs.js';

/** How the cluster stands, for the wire. */
export function toOverview({ backend, runs, tools, executors, queues, questions }: Overview): planner.OverviewResponse {
  return {
    backend: backendCodec.to(backend),
    runs: runStatusCodec.all.map((status) => ({ status: runStatusCodec.to(status), count: runs[status] })),
    tools: trustCodec.all.map((trust) => ({ trust: trustCodec.to(trust), count: tools[trust] })),
    executors: executors.map(toExecutorState),
    queues: queues === null ? undefined : { queues: queues.map(toQueueState) },
    questions,
  };
}

/** How the cluster stands, from the wire. */
export function fromOverview({
  backend,
  runs,
  tools,
  executors,
  queues,
  questions,
}: planner.OverviewResponse): Overview {
  return {
    backend: backendCodec.from('overview.backend', backend),
    runs: counts(
      runStatusCodec,
      runs.map(({ status, count }) => [runStatusCodec.from('overview.runs.status', status), count]),
    ),
    tools: counts(
      trustCodec,
      tools.map(({ trust, count }) => [trustCodec.from('overview.tools.trust', trust), count]),
    ),
    executors: executors.map(fromExecutorState),
    queues: queues ? queues.queues.map(fromQueueState) : null,
    questions,
  };
}

/** What a message does not name is 0. */
function counts<Word extends string>(
  enumCodec: Words<Word, string>,
  named: readonly (readonly [Word, number])[],
): Readonly<Record<Word, number>> {
  const found = new Map(named);
  return Object.fromEntries(enumCodec.all.map((word) => [word, found.get(word) ?? 0])) as Record<Word, number>;
}

function toExecutorState({ startedAt, seenAt, ...state }: ExecutorState): pb.ExecutorState {
  return { ...state, startedAtMs: startedAt, seenAtMs: seenAt };
}

function fromExecutorState({ startedAtMs, seenAtMs, ...message }: pb.ExecutorState): ExecutorState {
  return { ...message, startedAt: startedAtMs, seenAt: seenAtMs };
}

function toQueueState({ queue, lane, oldestAt, ...state }: QueueState): pb.QueueState {
  return {
    ...state,
    queue: queueCodec.to(queue),
    ...(lane === null ? {} : { lane }),
    ...(oldestAt === null ? {} : { oldestAtMs: oldestAt }),
  };
}

function fromQueueState({ queue, lane, oldestAtMs, ...message }: pb.QueueState): QueueState {
  return {
    ...message,
    queue: queueCodec.from('overview.queue', queue),
    lane: lane ?? null,
    oldestAt: oldestAtMs ?? null,
  };
}
