import { DEEDS, type Arrival } from '../recorder.js';
import type { Law } from './law.js';

function byDeed(arrivals: readonly Arrival[]): ReadonlyMap<string, readonly Arrival[]> {
  const found = new Map<string, Arrival[]>();
  for (const a of arrivals) found.set(`${a.deed} ${a.item}`, [...(found.get(`${a.deed} ${a.item}`) ?? []), a]);
  return found;
}

/** A keyed effect is applied once, whether it is asked again under its key or decided anew under another. */
export const keyedOnce: Law = {
  name: 'no keyed effect is applied twice',
  check: ({ arrivals }) =>
    [...byDeed(arrivals)].flatMap(([what, all]) => {
      const applied = all.filter((a) => a.applied);
      return DEEDS[all[0]!.deed] === 'keyed' && applied.length > 1
        ? [
            `${what} was applied ${String(applied.length)} times, under ${String(new Set(all.map((a) => a.key)).size)} keys`,
          ]
        : [];
    }),
};

/**
 * An effect that can be asked about is asked about before it is tried again; a person's word allows one more attempt.
 */
export const probedOnce: Law = {
  name: 'no probed effect is applied twice',
  check: (history) => unkeyed('probed')(history),
};

/**
 * An effect that nobody can ask about is attempted once, and once more for each time that a person says it did not
 * happen.
 */
export const unkeyedOnce: Law = {
  name: "no unkeyed irreversible effect is attempted twice without a person's word",
  check: (history) => unkeyed('neither')(history),
};

const unkeyed =
  (nature: 'probed' | 'neither'): Law['check'] =>
  ({ arrivals, words }) =>
    [...byDeed(arrivals)].flatMap(([what, all]) => {
      const [{ deed, item }] = all as readonly [Arrival];
      if (DEEDS[deed] !== nature) return [];
      const allowed =
        1 + words.filter((w) => w.deed === deed && w.item === item && w.verdict === 'not-happened').length;
      return all.length > allowed
        ? [`${what} was attempted ${String(all.length)} times, and ${String(allowed)} were allowed`]
        : [];
    });
