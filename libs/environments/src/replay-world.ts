import {
  isStale,
  mismatch,
  snapshotsOf,
  type Action,
  type ActionResult,
  type Divergence,
  type FailureCode,
  type Mismatch,
  type OpenRequest,
  type World,
  type WorldSession,
  type WorldState,
} from '@praxis/core';

/** Where in a history something stands, and the time in which it happened: between `since` and `at`. */
interface Place {
  readonly stream: string;
  readonly position: number;
  readonly since: number;
  readonly at: number;
}

/** An action as it was recorded. */
export interface RecordedAct extends Place {
  readonly action: Action;
  readonly key: string;
  readonly result: ActionResult;
  /** The world after it; null where the record does not show it. */
  readonly after: WorldState | null;
  /** It was really done elsewhere: the world only followed where it went well, and the words are not the world's. */
  readonly isElsewhere: boolean;
}

/** Something that was seen of the world without changing it. */
export type RecordedLook = Place &
  (
    | { readonly what: string; readonly state: WorldState }
    | { readonly what: string; readonly condition: string; readonly holds: boolean }
    | { readonly what: string; readonly snapshot: string }
  );

/** Everything that a history says of its world. */
export interface WorldRecord {
  readonly request: OpenRequest;
  readonly acts: readonly RecordedAct[];
  readonly looks: readonly RecordedLook[];
  /** Forks that went on with another seed from a time on. */
  readonly reseeded: readonly { readonly at: number; readonly seed: string }[];
}

/**
 * Does in a fresh world what was recorded and compares every outcome; null where all of them are the same.
 *
 * replay-world.1 Actions are done in the order in which they were answered; where the times of two overlap, so that
 *                nobody knows which came first, every order is tried before they count as diverged.
 * replay-world.2 What has an unknown outcome may or may not have been done.
 * replay-world.3 A look agrees when the world was so at some time between its asking and its answer.
 * replay-world.4 What was stale is refused again: on which state it was decided is not repeated.
 */
export async function replayWorld(record: WorldRecord, world: World): Promise<Divergence | null> {
  const sessions = [
    await world.open(record.request),
    await world.open({ ...record.request, sessionId: `${record.request.sessionId}~looks` }),
  ] as const;
  const replay = new WorldReplay(record, sessions[1]);
  try {
    return (await replay.acts(sessions[0])) ?? (await replay.looks());
  } finally {
    for (const session of [...replay.clones, ...sessions]) await session.close();
  }
}

/** The world at one time. */
interface Moment {
  /** What was done just before; null at the beginning. */
  readonly act: RecordedAct | null;
  readonly state: WorldState;
  readonly snapshot: string;
}

/** How many orders of overlapping actions are tried. */
const MOST_TRIES = 2000;
const UNCERTAIN: ReadonlySet<FailureCode> = new Set([
  'unknown-outcome',
  'cancelled',
  'timeout',
  'unavailable',
  'world-error',
]);

const isUncertain = ({ result }: RecordedAct): boolean => !result.ok && UNCERTAIN.has(result.code);

class WorldReplay {
  readonly clones: WorldSession[] = [];
  private readonly moments: Moment[] = [];
  private tries = 0;
  private furthest: { readonly depth: number; readonly divergence: Divergence } | null = null;

  constructor(
    private readonly record: WorldRecord,
    private readonly scratch: WorldSession,
  ) {}

  async acts(session: WorldSession): Promise<Divergence | null> {
    this.moments.push({ act: null, state: await session.observe(), snapshot: await snapshotsOf(session).take() });
    const inOrder = [...this.record.acts].sort((a, b) => a.at - b.at || a.since - b.since);
    return (await this.goOn(inOrder, session, 0)) ? null : this.furthest!.divergence;
  }

  /** replay-world.1. */
  private async goOn(rest: readonly RecordedAct[], before: WorldSession, reseeds: number): Promise<boolean> {
    if (rest.length === 0) return true;
    const reseed = this.record.reseeded[reseeds];
    if (reseed && rest.every((a) => a.at > reseed.at))
      return this.goOn(rest, await this.clone(before, reseed.seed), reseeds + 1);
    const soonest = Math.min(...rest.map((a) => a.at));
    const { snapshot } = this.moments.at(-1)!;
    for (const act of rest.filter((a) => a.since <= soonest)) {
      const others = rest.filter((a) => a !== act);
      if (isUncertain(act) && (await this.goOn(others, before, reseeds))) return true;
      if (await this.does(act, before, rest.length)) {
        if (await this.goOn(others, before, reseeds)) return true;
        this.moments.pop();
      }
      if (++this.tries > MOST_TRIES) return false;
      await snapshotsOf(before).restore(snapshot);
    }
    return false;
  }

  private async clone(session: WorldSession, seed: string): Promise<WorldSession> {
    const snapshots = snapshotsOf(session);
    const clone = await snapshots.clone(await snapshots.take(), seed);
    this.clones.push(clone);
    return clone;
  }

  private async does(act: RecordedAct, session: WorldSession, left: number): Promise<boolean> {
    if (act.isElsewhere && !act.result.ok) return this.wasNotDone(act);
    // A key that was used before gives the answer from before (environment.1), in an order that was not the right one.
    const { result, state } = await session.act(act.action, this.tries === 0 ? act.key : `${act.key}~${this.tries}`);
    const found = compare(act, result, state);
    if (found === null)
      this.moments.push({
        act,
        state: state ?? (await session.observe()),
        snapshot: await snapshotsOf(session).take(),
      });
    else if (this.furthest === null || this.record.acts.length - left > this.furthest.depth)
      this.furthest = {
        depth: this.record.acts.length - left,
        divergence: { stream: act.stream, position: act.position, ...found },
      };
    return found === null;
  }

  private wasNotDone(act: RecordedAct): true {
    this.moments.push({ ...this.moments.at(-1)!, act });
    return true;
  }

  /** replay-world.3. */
  async looks(): Promise<Divergence | null> {
    const isRepeatable = (await snapshotsOf(this.scratch).take()) === this.moments[0]!.snapshot;
    for (const look of this.record.looks) {
      const found = await this.look(look, isRepeatable);
      if (found) return { stream: look.stream, position: look.position, ...found };
    }
    return null;
  }

  private async look(look: RecordedLook, isRepeatable: boolean): Promise<Mismatch | null> {
    const possible = this.moments.filter(
      (_, i) =>
        this.moments.slice(i + 1).every((m) => m.act!.at >= look.since) &&
        this.moments.slice(1, i + 1).every((m) => m.act!.since <= look.at),
    );
    if ('state' in look) return nearest(possible.map((m) => mismatch(look.what, m.state, look.state)));
    if ('snapshot' in look)
      return isRepeatable ? nearest(possible.map((m) => mismatch(look.what, m.snapshot, look.snapshot))) : null;
    const found: (Mismatch | null)[] = [];
    for (const { snapshot } of possible) {
      await snapshotsOf(this.scratch).restore(snapshot);
      found.push(mismatch(look.what, (await this.scratch.check(look.condition)).holds, look.holds));
    }
    return nearest(found);
  }
}

/** Null where one agrees; otherwise what the last one says. */
function nearest(found: readonly (Mismatch | null)[]): Mismatch | null {
  return found.includes(null) ? null : (found.at(-1) ?? { expected: 'a world', found: 'none' });
}

function compare(act: RecordedAct, result: ActionResult, state: WorldState | null): Mismatch | null {
  if (isUncertain(act)) return null;
  const told = (r: ActionResult): object => (act.isElsewhere || isStale(act.result) ? { ok: r.ok } : r);
  return (
    mismatch('observed.result', told(result), told(act.result)) ??
    (act.after === null || state === null ? null : mismatch('the world after it: ', plain(state), plain(act.after)))
  );
}

const plain = ({ facts, numbers }: WorldState): object => ({ facts: [...facts], numbers });
