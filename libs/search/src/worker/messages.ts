import type { PlanRequest, SearchResult, SearchStats } from '../request.js';

/** What the pool sends to a search thread; `flag` becomes 1 when the search is to stop. */
export interface Order {
  readonly id: number;
  readonly request: PlanRequest;
  readonly flag: SharedArrayBuffer;
}

/** What a search thread sends back. */
export type Report =
  | { readonly kind: 'progress'; readonly id: number; readonly stats: SearchStats }
  | { readonly kind: 'result'; readonly id: number; readonly result: SearchResult }
  | { readonly kind: 'error'; readonly id: number; readonly code: string; readonly message: string };
