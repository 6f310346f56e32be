import type { PlanRequest, SearchResult, SearchStats } from '../request.js';
import type { EvaluationOrder } from './operations.js';

/** What a thread is to do. */
export type Work =
  | { readonly kind: 'search'; readonly request: PlanRequest }
  | { readonly kind: 'evaluate'; readonly order: EvaluationOrder };

/** What `flag` says to a thread. */
export const FLAG = { run: 0, cancel: 1, pause: 2 } as const;

/** What a pool sends to a thread; the first word of `flag` says whether it runs, pauses or stops. */
export interface Order {
  readonly id: number;
  readonly work: Work;
  readonly flag: SharedArrayBuffer;
}

/** What a thread sends back. */
export type Report =
  | { readonly kind: 'progress'; readonly id: number; readonly stats: SearchStats; readonly bytes: number }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'stopped'; readonly id: number; readonly result: SearchResult | null }
  | { readonly kind: 'error'; readonly id: number; readonly code: string; readonly message: string };
