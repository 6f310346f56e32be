import type { Output } from '@praxis/core';

/** Items of a part: writing one item copies a part, and the list of parts. */
const PART = 256;

type Result = Output | null;

/**
 * What the items of a list gave: an output, null where an item was left out, nothing where it is still open. Written by
 * copies, so that a list of 100,000 items takes no square of them.
 */
export interface Results {
  /** Items that are not open any more. */
  readonly settled: number;
  readonly parts: readonly (readonly (Result | undefined)[] | undefined)[];
}

export const NO_RESULTS: Results = { settled: 0, parts: [] };

/** What an item gave; undefined where it is open. */
export const resultAt = ({ parts }: Results, item: number): Result | undefined =>
  parts[Math.floor(item / PART)]?.[item % PART];

/** The same results with one item more, or another result of it. */
export function withResult(results: Results, item: number, result: Result): Results {
  const at = Math.floor(item / PART);
  const part = [...(results.parts[at] ?? [])];
  const isNew = part[item % PART] === undefined;
  part[item % PART] = result;
  const parts = [...results.parts];
  parts[at] = part;
  return { settled: results.settled + (isNew ? 1 : 0), parts };
}

/** The results of this many items in their order. */
export const allResults = (results: Results, count: number): readonly Result[] =>
  Array.from({ length: count }, (_, item) => resultAt(results, item) ?? null);
