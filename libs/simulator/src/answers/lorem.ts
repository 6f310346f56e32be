import { keyedChoice, keyedRandom } from '@praxis/core';

const WORDS =
  'the agent looks around first and then moves on because every step should follow from what is known about rooms doors tools goals and plans while others wait for it in turn'.split(
    ' ',
  );

/** Words without a meaning, as many as asked for; the same for the same seed. */
export function lorem(words: number, seed: string): string {
  return Array.from({ length: words }, (_, i) => keyedChoice(WORDS, seed, 'word', i)).join(' ');
}

/** How many words an answer of seeded length has. */
export function seededLength(least: number, most: number, seed: string): number {
  return least + Math.floor(keyedRandom(seed, 'length') * (most - least + 1));
}
