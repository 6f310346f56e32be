/** Thrown inside grounding to end it early; the door turns it into an answer. */
export class Halt extends Error {
  readonly reason: 'operators' | 'milliseconds' | 'cancelled';

  constructor(reason: 'operators' | 'milliseconds' | 'cancelled') {
    super(`Grounding was ended: ${reason}.`);
    this.reason = reason;
  }
}

const TICKS_BETWEEN_CHECKS = 2048;

/** Ends grounding when its limits are reached; asked often, it looks at the clock and the signal only now and then. */
export class Watch {
  readonly #operators: number;
  readonly #deadline: number;
  readonly #signal: () => boolean;
  #counted = 0;
  #ticks = 0;

  constructor(limits: { readonly operators?: number; readonly milliseconds?: number } = {}, signal: () => boolean = () => false) {
    this.#operators = limits.operators ?? Infinity;
    this.#deadline = performance.now() + (limits.milliseconds ?? Infinity);
    this.#signal = signal;
    if (signal()) throw new Halt('cancelled');
  }

  /** One more ground operator. */
  operator(): void {
    if (++this.#counted > this.#operators) throw new Halt('operators');
  }

  /** Some more work. */
  tick(): void {
    if (++this.#ticks % TICKS_BETWEEN_CHECKS !== 0) return;
    if (this.#signal()) throw new Halt('cancelled');
    if (performance.now() > this.#deadline) throw new Halt('milliseconds');
  }
}
