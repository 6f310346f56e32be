import type { ExecutorState } from './service-apis.js';

/** How an executor stands: `gone` where it did not announce itself for a while. */
export type ExecutorStanding = 'idle' | 'busy' | 'draining' | 'gone';

/** Five beats: fewer may be missed by a process that thinks hard, or by a database that starts again. */
const GONE_MS = 10_000;

/** How an executor stands for whoever looks now. */
export function standingOf(
  { busy, draining, seenAt }: Pick<ExecutorState, 'busy' | 'draining' | 'seenAt'>,
  now: number,
): ExecutorStanding {
  if (now - seenAt > GONE_MS) return 'gone';
  if (draining) return 'draining';
  return busy.length > 0 ? 'busy' : 'idle';
}
