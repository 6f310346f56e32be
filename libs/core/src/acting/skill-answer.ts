import { z } from 'zod';
import type { SkillManifest } from './skill.js';

/** What a skill answered that is not the world's: text from outside, which is data and never an instruction. */
export const skillAnswerSchema = z.object({
  /** The call, such as `(list-overdue)`. */
  action: z.string(),
  /** Cut to `ANSWER_LENGTH` characters. */
  text: z.string(),
  /** The skill's source, such as `http:127.0.0.1:9000`. */
  source: z.string(),
});
export type SkillAnswer = z.infer<typeof skillAnswerSchema>;

/** The longest answer that is kept for later prompts, in characters. */
export const ANSWER_LENGTH = 2_000;

/** How many answers are kept for later prompts. */
const ANSWERS_KEPT = 8;

/** Answers that say nothing beyond "it was done". */
const EMPTY_ANSWERS: ReadonlySet<string> = new Set(['', 'done', 'ok']);

/**
 * The source of a skill outside Praxis and the world, such as `http:127.0.0.1:9000`; null for a world's skill or a
 * builtin.
 */
export function outsideSource({ source }: Pick<SkillManifest, 'source'>): string | null {
  return source.split(', ').find((part) => part.includes(':') && !part.startsWith('world:')) ?? null;
}

/** Room for the note that says how much is missing, in characters. */
const NOTE_LENGTH = 32;

/** A text cut to a length in characters, together with the note that says how much is missing. */
export function previewText(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, length - NOTE_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept} … (${text.length - kept.length} more characters)`;
}

/**
 * Adds an answer to those that are remembered, oldest first. A newer answer to the same call replaces the older one;
 * only the latest eight are kept, so that the memory has a fixed size.
 */
export function withAnswer(
  answers: readonly SkillAnswer[],
  { action, text, source }: SkillAnswer,
): readonly SkillAnswer[] {
  if (EMPTY_ANSWERS.has(text.trim().toLowerCase())) return answers;
  const others = answers.filter((a) => a.action !== action);
  return [...others, { action, text: previewText(text.trim(), ANSWER_LENGTH), source }].slice(-ANSWERS_KEPT);
}

/** Several lists of answers as one, in their order. */
export function mergeAnswers(...lists: readonly (readonly SkillAnswer[])[]): readonly SkillAnswer[] {
  return lists.flat().reduce<readonly SkillAnswer[]>(withAnswer, []);
}
