import { createHmac } from 'node:crypto';

/**
 * A number in [0, 1) that depends only on the seed and the keys (S8): the same question has the same answer in a
 * replay and in a paired trial, whatever was asked before it.
 */
export function keyedRandom(seed: string, ...keys: readonly (string | number)[]): number {
  const bytes = createHmac('sha256', seed).update(keys.join('\u0000')).digest();
  return bytes.readUIntBE(0, 6) / 2 ** 48;
}

/** Picks one of a non-empty list in the same way. */
export function keyedChoice<T>(list: readonly T[], seed: string, ...keys: readonly (string | number)[]): T {
  return list[Math.floor(keyedRandom(seed, ...keys) * list.length)]!;
}
