import type { NodeJob } from './node-job.js';

/** A call that has a slot of a node. */
export interface CallUnderway {
  readonly job: NodeJob;
  readonly abort: AbortController;
  readonly startedAt: number;
  /** Input tokens that no cache was believed to have, and those of unbegun calls before it. */
  readonly fresh: number;
  readonly ahead: number;
  readonly isTrial: boolean;
  hasBegun: boolean;
}
