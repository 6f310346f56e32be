import { PraxisError } from '@praxis/core';

/**
 * What a weak model gets wrong, with the share of its answers in which it does; `slow` is no share but how many times
 * slower its node is.
 */
export const WEAKNESSES = {
  /** Words around the JSON or before the call. */
  prose: 0.4,
  /** Thoughts of 2,000 characters. */
  wordy: 0.3,
  /** JSON inside a fence. */
  fence: 0.3,
  /** A native call that is written into the text instead. */
  'text-call': 0.2,
  /** A name that is nearly that of a skill or action. */
  'wrong-skill': 0.15,
  /** An argument of a wrong type. */
  'wrong-args': 0.15,
  /** An argument that is left out. */
  'missing-args': 0.1,
  /** An argument that nobody asked for. */
  'extra-args': 0.1,
  /** A plan that ends in the middle. */
  'half-plan': 0.3,
  /** An answer without a word. */
  silent: 0.05,
  slow: 5,
} as const;
export type Weakness = keyof typeof WEAKNESSES;
export type Weaknesses = Readonly<Record<Weakness, number>>;

/** Whether an answer has a weakness. */
export type Draw = (weakness: Weakness) => boolean;

export const WEAKNESS_NAMES = Object.keys(WEAKNESSES) as readonly Weakness[];

/** A strong model: nothing goes wrong. */
const STRONG: Weaknesses = { ...(Object.fromEntries(WEAKNESS_NAMES.map((name) => [name, 0])) as Weaknesses), slow: 1 };

/** Reads `KIND=SHARE`, such as `wrong-skill=0.5`, or `slow=FACTOR`. */
export function parseWeakness(text: string): readonly [Weakness, number] {
  const [, kind, amount] = /^([\w-]+)=(\d*\.?\d+)$/.exec(text) ?? [];
  const known = WEAKNESS_NAMES.find((name) => name === kind);
  const value = Number(amount);
  if (known !== undefined && (known === 'slow' ? value >= 1 : value <= 1)) return [known, value];
  throw new PraxisError(
    'invalid',
    `"${text}" is no weakness; write KIND=SHARE with a share from 0 to 1 and one of the kinds ${WEAKNESS_NAMES.join(', ')}, such as wrong-skill=0.5; slow takes a factor from 1 on, such as slow=5.`,
  );
}

/** The weaknesses of a model: all of them by default where it is weak, and those that were set. */
export function weaknessesOf(isWeak: boolean, set: readonly (readonly [Weakness, number])[]): Weaknesses {
  return { ...(isWeak ? WEAKNESSES : STRONG), ...(Object.fromEntries(set) as Partial<Weaknesses>) };
}

/** Whether any answer is made worse. */
export const spoilsAnswers = (weaknesses: Weaknesses): boolean =>
  WEAKNESS_NAMES.some((name) => name !== 'slow' && weaknesses[name] > 0);
