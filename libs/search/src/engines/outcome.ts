/** How an engine ended: with a plan (operator numbers), with nothing left to look at, or stopped by its meter. */
export type Outcome =
  | { readonly kind: 'found'; readonly plan: readonly number[] }
  | { readonly kind: 'exhausted' }
  | { readonly kind: 'stopped' };

/** What an engine says that can be run piece by piece; `paused` may be run on. */
export type PartialOutcome = Outcome | { readonly kind: 'paused' };
