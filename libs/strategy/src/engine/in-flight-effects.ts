import { setTimeout as sleep } from 'node:timers/promises';
import { NO_COST, PraxisError, spentOf, type StepEvent } from '@praxis/core';

/** The signals under which one effect is carried out. */
export interface Signals {
  /** Fires when work has to stop, for whatever reason. */
  readonly signal: AbortSignal;
  /** Fires only when what cannot be taken up again has to stop too. */
  readonly hardSignal: AbortSignal;
}

/** Whether a user's cancel is what stopped the work; otherwise it is only interrupted, and is taken up again. */
export const isCancel = (signal: AbortSignal): boolean =>
  signal.aborted && signal.reason instanceof PraxisError && signal.reason.code === 'cancelled';

/** Calls that were sent and led to nothing. */
export type WastedEvent = Extract<StepEvent, { type: 'wasted' }>;

type Arrival = { readonly id: string } & ({ readonly events: readonly StepEvent[] } | { readonly error: unknown });

/** The effects that are under way, and what has come back of them. */
export class InFlightEffects {
  readonly #running = new Map<string, Promise<void>>();
  readonly #arrived: Arrival[] = [];
  /** What may be abandoned at the end: nothing but thoughts. */
  readonly #thoughts = new Set<string>();
  readonly #wasted: WastedEvent[] = [];
  readonly #hard: AbortSignal;
  readonly #hold: AbortSignal | undefined;
  readonly #any: AbortSignal;
  readonly #closed = new AbortController();
  /** What an effect that can be taken up again is carried out under; fires at the end too. */
  readonly #soft: AbortSignal;
  #wake: () => void = () => undefined;
  readonly #onAbort = (): void => this.#wake();

  constructor(hard: AbortSignal, hold: AbortSignal | undefined) {
    this.#hard = hard;
    this.#hold = hold;
    this.#any = hold ? AbortSignal.any([hard, hold]) : hard;
    this.#soft = AbortSignal.any([this.#any, this.#closed.signal]);
    this.#any.addEventListener('abort', this.#onAbort);
  }

  get size(): number {
    return this.#running.size;
  }

  get mustStop(): boolean {
    return this.#any.aborted;
  }

  /** Why work has to stop; a hard stop comes before a hold. */
  get reason(): unknown {
    return this.#hard.aborted ? this.#hard.reason : this.#hold?.reason;
  }

  has(id: string): boolean {
    return this.#running.has(id);
  }

  start(id: string, isThought: boolean, work: (signals: Signals) => Promise<readonly StepEvent[]>): void {
    if (isThought) this.#thoughts.add(id);
    const done = work({ signal: this.#soft, hardSignal: this.#hard }).then(
      (events) => this.#arrive({ id, events }),
      (error: unknown) => {
        const cost = spentOf(error);
        if (cost) this.#wasted.push({ type: 'wasted', id, spent: { ...NO_COST, ...cost } });
        this.#arrive(this.#soft.aborted ? { id, events: [] } : { id, error });
      },
    );
    this.#running.set(id, done);
  }

  /** An effect's answer was journalled. */
  forget(id: string): void {
    this.#running.delete(id);
    this.#thoughts.delete(id);
  }

  /** Something else went wrong: whoever waits for the next events hears of it. */
  fail(error: unknown): void {
    this.#arrive({ id: '', error });
  }

  /** The next events that came back; null where work has to stop first. An error of an effect is thrown. */
  async next(): Promise<readonly StepEvent[] | null> {
    while (this.#arrived.length === 0 && !this.mustStop) await new Promise<void>((resolve) => (this.#wake = resolve));
    const arrival = this.#arrived.shift();
    if (!arrival) return null;
    if ('error' in arrival) throw arrival.error;
    return arrival.events.length > 0 ? arrival.events : null;
  }

  /**
   * Waits for what is under way and gives what came back; for a hold until all is back, otherwise no longer than the
   * grace.
   */
  async settle(graceMs: number): Promise<readonly (readonly StepEvent[])[]> {
    const all = Promise.allSettled(this.#running.values());
    const late = new AbortController();
    const cut = async (): Promise<void> => {
      if (!this.#hard.aborted)
        await new Promise<void>((resolve) =>
          this.#hard.addEventListener('abort', () => resolve(), { once: true, signal: late.signal }),
        );
      await sleep(graceMs, undefined, { signal: late.signal }).catch(() => undefined);
    };
    await Promise.race([all, cut()]);
    late.abort();
    return this.#arrived.splice(0).flatMap((a) => ('events' in a && a.events.length > 0 ? [a.events] : []));
  }

  /** What was spent in vain so far, once. */
  takeWasted(): readonly WastedEvent[] {
    return this.#wasted.splice(0);
  }

  /**
   * Abandons the thoughts that nobody waits for any more, and gives what they had cost when they stopped, within the
   * grace.
   */
  async abandon(graceMs: number): Promise<readonly WastedEvent[]> {
    const left = [...this.#running].filter(([id]) => this.#thoughts.has(id));
    this.close();
    if (left.length > 0) {
      const late = new AbortController();
      await Promise.race([
        Promise.allSettled(left.map(([, done]) => done)),
        sleep(graceMs, undefined, { signal: late.signal }).catch(() => undefined),
      ]);
      late.abort();
    }
    const answered = this.#arrived.splice(0).flatMap((a) => ('events' in a ? a.events : []));
    const paid = answered.flatMap((e): WastedEvent[] =>
      'call' in e && e.spent ? [{ type: 'wasted', id: e.id, spent: e.spent }] : [],
    );
    return [...paid, ...this.takeWasted()];
  }

  /** Nobody waits for what is still under way; what can be taken up again, or thought again, stops. */
  close(): void {
    this.#closed.abort(new PraxisError('unavailable', 'The stream was let go of before this was done.'));
    this.#any.removeEventListener('abort', this.#onAbort);
  }

  #arrive(arrival: Arrival): void {
    this.#arrived.push(arrival);
    this.#wake();
  }
}
