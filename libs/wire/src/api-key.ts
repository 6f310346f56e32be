import { createHash, timingSafeEqual } from 'node:crypto';
import { PraxisError } from '@praxis/core';

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();

/**
 * What is kept of a key where it is checked: its SHA-256, in hexadecimal. Keys are long and random, so nothing slower
 * is needed.
 */
export const hashKey = (key: string): string => digest(key).toString('hex');

/**
 * Says whether a key is one of those whose hashes are listed; every hash is compared, in the same time whether it fits
 * or not.
 */
export function keyChecker(hashes: readonly string[]): (key: string) => boolean {
  const listed = hashes.map((hash) => Buffer.from(hash, 'hex'));
  if (listed.some((hash) => hash.length !== 32))
    throw new PraxisError('invalid', 'A hash of a key must be a SHA-256 in hexadecimal, as `praxis key` prints it.');
  return (key) => {
    const shown = digest(key);
    let fits = 0;
    for (const hash of listed) fits |= Number(timingSafeEqual(hash, shown));
    return fits !== 0;
  };
}
