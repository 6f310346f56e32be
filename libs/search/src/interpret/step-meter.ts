import { PraxisError } from '@praxis/core';

/** Steps between two looks at whether the caller still waits. */
const STEPS_BETWEEN_LOOKS = 4096;

/** How far an evaluation may go. */
export interface StepLimits {
  /** Rows of joins, bindings of quantifiers and parts of formulas that may be looked at. */
  readonly steps?: number;
  /** Asked now and then; may throw to end the evaluation. */
  readonly look?: () => void;
}

/**
 * Counts the steps of evaluations and ends the one that takes too many, with `exhausted`.
 *
 * step-meter.1 Every row of a join, every binding of a quantifier and every part of a formula is one step, so that the
 *              time of an evaluation is bounded by its steps.
 * step-meter.2 `allow` begins the count anew; an evaluation that was ended leaves nothing behind and may be begun
 *              again.
 */
export class StepMeter {
  #steps = 0;
  #next = Infinity;
  #limits: StepLimits = {};

  constructor(limits: StepLimits = {}) {
    this.allow(limits);
  }

  /** Steps since the count began. */
  get steps(): number {
    return this.#steps;
  }

  /** Begins the count anew with these limits. */
  allow(limits: StepLimits): void {
    this.#limits = limits;
    this.#steps = 0;
    this.#next = this.#nextLook();
  }

  /** Counts work; throws where it was too much. */
  tick(units = 1): void {
    this.#steps += units;
    if (this.#steps > this.#next) this.#stop();
  }

  #stop(): void {
    const { steps = Infinity, look } = this.#limits;
    if (this.#steps > steps) {
      throw new PraxisError(
        'exhausted',
        `The evaluation took more than ${steps} steps: too many objects for so many variables. Use fewer variables in one rule or quantifier, or fewer objects.`,
      );
    }
    look?.();
    this.#next = this.#nextLook();
  }

  #nextLook(): number {
    const { steps = Infinity, look } = this.#limits;
    return look === undefined ? steps : Math.min(steps, this.#steps + STEPS_BETWEEN_LOOKS);
  }
}

/** Ends nothing. */
export const UNLIMITED = new StepMeter();
