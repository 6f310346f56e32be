/** A name without what models get wrong first: case, and the signs between words. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Longer names are not compared letter by letter: they are no slip of the pen. */
const LONGEST = 100;
/** A name is taken for a slip where at most this share of its letters is wrong. */
const SLIP = 0.4;

/**
 * The name that a wrong one is nearest to, for telling what may have been meant; null where none is near. Names that
 * hold one another are near (`list` and `shop.list`), and so are names of which few letters differ.
 */
export function nearestName(wrong: string, names: readonly string[]): string | null {
  const meant = plainName(wrong).slice(0, LONGEST);
  if (meant === '') return null;
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of names) {
    const distance = distanceOf(meant, plainName(name).slice(0, LONGEST));
    if (distance <= SLIP && (best === null || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}

/** 0 for equal names, 1 for names that have nothing in common. */
function distanceOf(a: string, b: string): number {
  if (a === '' || b === '') return 1;
  if (a.includes(b) || b.includes(a)) return a === b ? 0 : SLIP * (1 - Math.min(a.length, b.length) / 100);
  return editDistance(a, b) / Math.max(a.length, b.length);
}

/** How many letters have to be put in, left out or changed. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
