import type { ExecutorState, Overview, QueueState } from '../../../src/api.js';

/** An executor that was not seen for so long is gone. */
export const GONE_AFTER_MS = 10_000;

export type Presence = 'ready' | 'busy' | 'draining' | 'gone';

/** How an executor stands. */
export function presenceOf(executor: ExecutorState, now: number): Presence {
  if (now - executor.seenAt > GONE_AFTER_MS) return 'gone';
  if (executor.draining) return 'draining';
  return executor.busy.length > 0 ? 'busy' : 'ready';
}

/** Sums over the cluster; queues are null where their store is away. */
export interface ClusterFigures {
  readonly ready: number;
  readonly busy: number;
  readonly subgoals: number;
  readonly execute: QueueSum | null;
  readonly reflect: QueueSum | null;
}

export type QueueSum = Pick<QueueState, 'waiting' | 'active' | 'delayed' | 'oldestAt'>;

/** What a header tells about the cluster. */
export function clusterFigures({ executors, queues }: Overview, now: number): ClusterFigures {
  const present = executors.filter((e) => presenceOf(e, now) !== 'gone');
  const sum = (name: QueueState['queue']): QueueSum | null =>
    queues && sumQueues(queues.filter((q) => q.queue === name));
  return {
    ready: present.filter((e) => !e.draining).length,
    busy: present.filter((e) => e.busy.length > 0).length,
    subgoals: present.reduce((n, e) => n + e.busy.length, 0),
    execute: sum('execute'),
    reflect: sum('reflect'),
  };
}

function sumQueues(queues: readonly QueueState[]): QueueSum {
  const total = (pick: (q: QueueState) => number): number => queues.reduce((n, q) => n + pick(q), 0);
  const oldest = queues.map((q) => q.oldestAt).filter((at) => at !== null);
  return {
    waiting: total((q) => q.waiting),
    active: total((q) => q.active),
    delayed: total((q) => q.delayed),
    oldestAt: oldest.length > 0 ? Math.min(...oldest) : null,
  };
}
