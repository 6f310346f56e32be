import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError, type RunId } from '@praxis/core';
import { LOST_TOO_OFTEN } from '@praxis/store';
import { watchRun, type RunWatch } from '@praxis/strategy';
import { noteBlocked } from './note-blocked.js';
import type { PlannerParts } from './parts.js';

/** What takes long: search has the seats of a pool, models are waited for. */
export type TurnKind = 'search' | 'model';

/** Most turns of each kind in one process. A turn that waits for a model holds little but a connection. */
const MOST: Readonly<Record<TurnKind, number>> = { search: 64, model: 256 };

/** How long work may take to stop, once it was told to. */
const STOP_MS = 1_500;

/** Work on a run that is begun: its world is opened, or it is planned. */
export interface TurnOrder {
  readonly run: RunId;
  readonly kind: TurnKind;
  /** How many events of the run's stream were read. */
  readonly seen: number;
  /** Milliseconds until the clock has something new to say about the run; null: never. */
  readonly nextMs: number | null;
  readonly stopping: AbortSignal;
  /** Aborted by a cancel, a pause, the end of the run's time, the end of the process, or the loss of the lease. */
  work(signal: AbortSignal): Promise<void>;
}

/** What came of an order: a turn that is under way, or why there is none. */
export type Begun =
  | { readonly kind: 'begun'; readonly done: Promise<void> }
  | { readonly kind: 'taken' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'lost'; readonly times: number };

type TurnParts = Pick<PlannerParts, 'queues' | 'log' | 'leaseMs'> & {
  readonly store: Pick<PlannerParts['store'], 'journal' | 'feed' | 'leases'>;
};

/**
 * The planner's long work: one turn of a run at a time.
 *
 * planner-turns.1 A run has at most one turn in the whole deployment: a lease says who has it, renewed while the turn
 *                 is under way; it is over soon after its process died. Who wants the run meanwhile leaves it alone.
 * planner-turns.2 A turn holds no slot of the queue: the pass that begins it goes on without it. Each kind of turn has
 *                 a bound of its own; what is beyond it begins when another turn of its kind ends.
 * planner-turns.3 A cancel, a pause and the end of the run's time stop a turn, and the calls of models in it; so does
 *                 the loss of its lease.
 * planner-turns.4 When a turn is over, the run is looked at once more, however many causes came meanwhile. A turn that
 *                 failed for a while is left to the sweep.
 * planner-turns.5 A run whose turns ended so often in a row with their process, and with nothing written, is paused
 *                 until a person lets it go on.
 */
export class Turns {
  readonly #active: Record<TurnKind, Set<Promise<void>>> = { search: new Set(), model: new Set() };
  readonly #waiting: Record<TurnKind, Set<RunId>> = { search: new Set(), model: new Set() };

  constructor(private readonly parts: TurnParts) {}

  /** Whether somebody is at work on a run. */
  isTaken(run: RunId): Promise<boolean> {
    return this.parts.store.leases.isHeld(run);
  }

  /** Begins a turn, where the run is free and nothing was written since it was read. */
  async begin(order: TurnOrder): Promise<Begun> {
    const { run, kind, seen } = order;
    const { journal, leases } = this.parts.store;
    if (this.#active[kind].size >= MOST[kind]) {
      this.#waiting[kind].add(run);
      return { kind: 'taken' };
    }
    const lease = { key: run, run, holder: randomUUID(), position: seen };
    const lost = await leases.take(lease, this.leaseMs);
    if (lost === null) return { kind: 'taken' };
    if (lost >= LOST_TOO_OFTEN) {
      await leases.end(lease);
      return { kind: 'lost', times: lost };
    }
    if ((await journal.read(`run/${run}`, seen)).length > 0) {
      await leases.end(lease);
      return { kind: 'stale' };
    }
    const done = this.hold(order, lease);
    const active = done.catch(() => undefined).finally(() => this.after(kind, active));
    this.#active[kind].add(active);
    return { kind: 'begun', done };
  }

  /** Looks after a turn that nobody waits for: when it is over, the run is looked at again (planner-turns.4). */
  leave(run: RunId, done: Promise<void>): void {
    done.then(
      () => this.parts.queues.add('advance', { run }),
      (thrown: unknown) => this.putOff(run, thrown),
    );
  }

  /** The sweep takes the run up again; until then people see why it waits. */
  private async putOff(run: RunId, thrown: unknown): Promise<void> {
    this.parts.log.warn('the planning is put off', { run, why: PraxisError.from(thrown).message });
    await noteBlocked(run, thrown, this.parts);
  }

  /** Waits for the turns that are under way; those who began them stop them. */
  async settled(): Promise<void> {
    await Promise.all([...this.#active.search, ...this.#active.model]);
  }

  private get leaseMs(): number {
    return this.parts.leaseMs ?? 3_000;
  }

  /** Does the work under its lease, and watches the run meanwhile. */
  private async hold(order: TurnOrder, lease: { readonly key: RunId; readonly holder: string }): Promise<void> {
    const { run, seen, stopping, nextMs } = order;
    const { store, log, queues } = this.parts;
    const over = new AbortController();
    const lost = new AbortController();
    const watch = watchRun({ run, from: seen, feed: store.feed, log, stopping });
    const wake =
      nextMs === null
        ? undefined
        : setTimeout(() => void queues.add('advance', { run }), Math.min(nextMs + 1, 2_147_483_647));
    const renewing = this.renew(lease, lost, over.signal);
    try {
      await stopped(order.work(AbortSignal.any([watch.signal, watch.hold, lost.signal])), watch, lost.signal);
    } catch (thrown) {
      // What the run itself wants is no failure: the next pass sees to it.
      if (!isWanted(watch) || stopping.aborted) throw thrown;
    } finally {
      clearTimeout(wake);
      watch.stop();
      over.abort();
      await renewing;
      await store.leases
        .end(lease)
        .catch((err: unknown) => log.debug('a lease could not be given back; it is over soon', { run, err }));
    }
  }

  /** Keeps the lease; where it is lost, the work stops (planner-turns.3). */
  private async renew(
    lease: { readonly key: RunId; readonly holder: string },
    lost: AbortController,
    over: AbortSignal,
  ): Promise<void> {
    const { log, store } = this.parts;
    for (let renewedAt = performance.now(); ;) {
      await sleep(this.leaseMs / 3, undefined, { signal: over }).catch(() => undefined);
      if (over.aborted) return;
      const began = performance.now();
      const isKept = await store.leases.renew(lease, this.leaseMs).catch((err: unknown) => {
        log.debug('a lease could not be renewed', { run: lease.key, err });
        return null;
      });
      if (isKept === true) renewedAt = began;
      else if (isKept === false || performance.now() - renewedAt > this.leaseMs)
        return lost.abort(new PraxisError('conflict', `Another planner has taken over the run ${lease.key}.`));
    }
  }

  private after(kind: TurnKind, active: Promise<void>): void {
    this.#active[kind].delete(active);
    const [next] = this.#waiting[kind];
    if (next === undefined) return;
    this.#waiting[kind].delete(next);
    void this.parts.queues.add('advance', { run: next });
  }
}

const isWanted = (watch: Pick<RunWatch, 'signal' | 'hold'>): boolean => watch.signal.aborted || watch.hold.aborted;

/** The work, or nothing more of it once it has had its time to stop. */
async function stopped(
  work: Promise<void>,
  watch: Pick<RunWatch, 'signal' | 'hold'>,
  lost: AbortSignal,
): Promise<void> {
  const any = AbortSignal.any([watch.signal, watch.hold, lost]);
  const over = new AbortController();
  const late = async (): Promise<void> => {
    if (!any.aborted)
      await new Promise<void>((resolve) =>
        any.addEventListener('abort', () => resolve(), { once: true, signal: over.signal }),
      );
    await sleep(STOP_MS, undefined, { signal: over.signal });
    throw PraxisError.from(any.reason);
  };
  work.catch(() => undefined);
  try {
    await Promise.race([work, late()]);
  } finally {
    over.abort();
  }
}
