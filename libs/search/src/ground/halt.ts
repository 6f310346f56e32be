/** What ends grounding early. */
export type HaltReason = 'operators' | 'rows' | 'milliseconds' | 'cancelled';

/** Thrown inside grounding to end it early; the door turns it into an answer. */
export class Halt extends Error {
  readonly reason: HaltReason;

  constructor(reason: HaltReason) {
    super(`Grounding was ended: ${reason}.`);
    this.reason = reason;
  }
}

/** How far grounding may go. */
export interface WatchLimits {
  readonly operators?: number;
  /** Rows of joins, bindings of quantifiers and other small pieces of work. */
  readonly rows?: number;
  readonly milliseconds?: number;
}

const TICKS_BETWEEN_CHECKS = 2048;

/** Ends grounding when its limits are reached; asked often, it looks at the clock and the signal only now and then. */
export class Watch {
  readonly #operators: number;
  readonly #rows: number;
  readonly #deadline: number;
  readonly #signal: () => boolean;
  readonly #now: () => number;
  #counted = 0;
  #ticks = 0;
  #nextCheck = TICKS_BETWEEN_CHECKS;

  constructor(
    limits: WatchLimits = {},
    signal: () => boolean = () => false,
    now: () => number = () => performance.now(),
  ) {
    this.#operators = limits.operators ?? Infinity;
    this.#rows = limits.rows ?? Infinity;
    this.#now = now;
    this.#deadline = now() + (limits.milliseconds ?? Infinity);
    this.#signal = signal;
    if (signal()) throw new Halt('cancelled');
  }

  /** One more ground operator. */
  operator(): void {
    if (++this.#counted > this.#operators) throw new Halt('operators');
    this.tick();
  }

  /** Some more work. */
  tick(units = 1): void {
    this.#ticks += units;
    if (this.#ticks < this.#nextCheck) return;
    this.#nextCheck = this.#ticks + TICKS_BETWEEN_CHECKS;
    if (this.#signal()) throw new Halt('cancelled');
    if (this.#ticks > this.#rows) throw new Halt('rows');
    if (this.#now() > this.#deadline) throw new Halt('milliseconds');
  }
}
