import type { PromptHole } from './front-matter.js';

/** The lines of a data hole, and which of them are shown. */
export interface Shown {
  readonly lines: readonly string[];
  readonly kept: readonly string[];
  readonly leftOut: number;
}

/** The line that tells a model that it does not see everything; empty where it does. */
export const leftOutNote = (count: number): string =>
  count === 0 ? '' : `(${count} more ${count === 1 ? 'line is' : 'lines are'} not shown.)`;

/** All lines of a hole. */
export const showAll = (lines: readonly string[]): Shown => ({ lines, kept: lines, leftOut: 0 });

/**
 * As many lines as fit into so many characters, each counted with its line break; those that go, go as the hole says.
 */
export function showWithin(lines: readonly string[], drop: PromptHole['drop'], chars: number): Shown {
  const total = lengthOf(lines);
  if (total <= chars) return showAll(lines);
  if (drop === 'whole') return { lines, kept: [], leftOut: lines.length };
  const inOrder = drop === 'last' ? lines : lines.toReversed();
  let used = leftOutNote(lines.length).length + 1;
  let count = 0;
  while (count < inOrder.length && used + inOrder[count]!.length + 1 <= chars) used += inOrder[count++]!.length + 1;
  const kept = drop === 'last' ? lines.slice(0, count) : lines.slice(lines.length - count);
  return { lines, kept, leftOut: lines.length - count };
}

/** Characters of what is shown, with the line that says what is not. */
export const lengthOfShown = ({ kept, leftOut }: Shown): number =>
  lengthOf(kept) + (leftOut > 0 && kept.length > 0 ? leftOutNote(leftOut).length + 1 : 0);

const lengthOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length + 1, 0);
