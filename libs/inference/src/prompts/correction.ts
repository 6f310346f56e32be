import type { ChatMessage } from '@praxis/core';
import { CHARS_PER_TOKEN } from '../client/token-estimate.js';
import { cleanItem, cleanLines, fenceFor } from './clean-text.js';

/** An answer that was of no use, and what was wrong with it. */
export interface Correction {
  /** As the model wrote it; empty where it wrote nothing. */
  readonly answer: string;
  readonly problems: readonly string[];
}

/** Most problems that a model is told of at once: it can mend so many, and the rest is often of the same kind. */
const MOST = 8;
/** Longest answer that is shown again, in characters. */
const LONGEST = 6_000;

/** Problems as a model is told of them: equal ones once, the first eight, and how many more there are. */
export function toldProblems(problems: readonly string[]): readonly string[] {
  const unique = [...new Set(problems)];
  const more = unique.length - MOST;
  return more > 0 ? [...unique.slice(0, MOST), `and ${more} more`] : unique;
}

/**
 * A second round: the model's own answer, then what was wrong with it. The answer stands where the model's words stand,
 * so that nothing in it passes for what the user says, and it takes no more than so many tokens.
 */
export function correctionTurns({ answer, problems }: Correction, tokens: number): readonly ChatMessage[] {
  const told = toldProblems(problems)
    .map(cleanItem)
    .filter((problem) => problem !== '');
  const fence = fenceFor(told);
  const content = [
    'Your answer could not be used. What was wrong with it:',
    '',
    `${fence}problems`,
    ...told,
    fence,
    '',
    'Mend all of it, keep what was right, and answer again in the form that was asked for, with nothing else.',
  ].join('\n');
  const shown = cut(cleanLines(answer).join('\n'), Math.min(LONGEST, tokens * CHARS_PER_TOKEN));
  return [...(shown === '' ? [] : [{ role: 'assistant' as const, content: shown }]), { role: 'user', content }];
}

/** The beginning and the end of a text that is too long; what is cut is told. */
function cut(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const note = '\n…\n';
  const half = Math.floor((characters - note.length) / 2);
  return half < 20 ? '' : `${text.slice(0, half)}${note}${text.slice(-half)}`;
}
