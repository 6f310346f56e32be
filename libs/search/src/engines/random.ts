import { keyedRandom } from '@praxis/core';

/** A fast source of whole numbers below a bound; the same seed gives the same sequence. */
export type RandomSource = (below: number) => number;

/** Makes a source from a text. */
export function randomSource(seed: string): RandomSource {
  let state = Math.floor(keyedRandom(seed, 'search') * 2 ** 32) | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
