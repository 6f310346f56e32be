import type { RunId } from '@praxis/core';

/** An ended run, and when it ended. */
export interface EndedRun {
  readonly id: RunId;
  readonly endedAt: number;
}

/** `user` cannot be without `used`: it shares its events, or takes back what it did. */
export interface Need {
  readonly used: RunId;
  readonly user: RunId;
}

/** Which of some runs can go: those that no run needs that stays. */
export function removable(wanted: readonly RunId[], needs: readonly Need[]): ReadonlySet<RunId> {
  const going = new Set(wanted);
  for (let before = -1; before !== going.size;) {
    before = going.size;
    for (const { used, user } of needs) if (!going.has(user)) going.delete(used);
  }
  return going;
}

export interface Limits {
  /** Runs that ended so long ago or longer go; null: age does not matter. */
  readonly endedBefore: number | null;
  readonly maxBytes: number | null;
}

/**
 * Chooses the runs that should go: the old ones, and the oldest ones beyond that until what stays is small enough. What
 * `weigh` gives never grows with more runs, so the place is found by halving.
 */
export async function chooseRuns(
  ended: readonly EndedRun[],
  { endedBefore, maxBytes }: Limits,
  weigh: (chosen: readonly RunId[]) => Promise<number>,
): Promise<readonly RunId[]> {
  const oldestFirst = [...ended].sort((a, b) => a.endedAt - b.endedAt || (a.id < b.id ? -1 : 1));
  const first = (count: number): readonly RunId[] => oldestFirst.slice(0, count).map((r) => r.id);
  let least = endedBefore === null ? 0 : oldestFirst.filter((r) => r.endedAt <= endedBefore).length;
  if (maxBytes === null || (await weigh(first(least))) <= maxBytes) return first(least);
  let most = oldestFirst.length;
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if ((await weigh(first(middle))) <= maxBytes) most = middle;
    else least = middle + 1;
  }
  return first(least);
}
