import { setTimeout as sleep } from 'node:timers/promises';
import type { RunId } from '@praxis/core';
import type { ArchiveApi } from '@praxis/wire';
import type { Store } from '@praxis/store';

/** Tells whether the reflector is through with some runs: how many subgoals are left, or null where that is unknown. */
export type Backlog = (runs: readonly RunId[]) => Promise<number | null>;

const POLL_MS = 250;
/** Without a look into the journal, an archive that did not change for so long is taken for settled. */
const QUIET_MS = 5_000;
/** The demo goes on after this, come what may; what is learned later is only not used. */
const LATEST_MS = 180_000;

/** Counts the subgoals of these runs that wait for the reflector, from the journal's read models. */
export function journalBacklog(store: Pick<Store, 'work'>): Backlog {
  return async (runs) => {
    const waiting = await store.work.unreflected(0);
    return waiting.filter((subgoal) => runs.some((run) => subgoal.startsWith(`${run}.`))).length;
  };
}

/** What to wait for. */
export interface Settling {
  readonly archive: ArchiveApi;
  readonly space: string;
  readonly runs: readonly RunId[];
  readonly backlog: Backlog;
  readonly signal: AbortSignal;
  readonly onProgress: (left: number | null) => void;
}

/** Waits until the reflector has learned what these runs teach; false where it took too long. */
export async function settle({ archive, space, runs, backlog, signal, onProgress }: Settling): Promise<boolean> {
  const latest = Date.now() + LATEST_MS;
  let seen = '';
  let since = Date.now();
  while (Date.now() < latest) {
    const left = await backlog(runs);
    onProgress(left);
    if (left === 0) return true;
    if (left === null) {
      const now = JSON.stringify(await archive.list(space));
      if (now !== seen) since = Date.now();
      seen = now;
      if (Date.now() - since >= QUIET_MS) return true;
    }
    await sleep(POLL_MS, undefined, { signal });
  }
  return false;
}
