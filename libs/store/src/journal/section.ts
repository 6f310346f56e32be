import type { NewEvent } from '@praxis/core';
import type { Projection } from '../projections/projection.js';
import type { EventText } from './event-text.js';

/** One call of `append`, ready to be written. */
export interface Append {
  readonly stream: string;
  readonly run: string;
  readonly expected: number;
  readonly events: readonly NewEvent[];
  readonly texts: readonly EventText[];
  /** When each event happened; null: now. */
  readonly times: readonly number[] | null;
}

/** An append with what it does to the read models. */
export interface Writing {
  readonly append: Append;
  readonly projection: Projection;
}

/** A part of the statement that writes a batch: named subqueries, left out where the batch gives them nothing to do. */
export interface Section {
  /** Tells the shapes of the statement apart; no two sections have the same. */
  readonly letter: string;
  /** The subquery whose rows later sections wait for; null where nobody needs to. */
  readonly rows: string | null;
  /** The subqueries; `parameter(0)` is the first of the section's own, `after` is the subquery to wait for. */
  text(parameter: (nth: number) => string, after: string): string;
  /** Its parameters, always as many; null where there is nothing to do. */
  values(batch: readonly Writing[], now: number): readonly string[] | null;
}
