import type { SearchBudget, SearchStats } from '../request.js';
import type { MemoryMeter } from './queues/record-pool.js';

/** What a caller may do to a search while it runs. */
export interface SearchControl {
  readonly cancelled?: () => boolean;
  /** Told now and then how far the search has come, and how many bytes its tables hold. */
  readonly progress?: (stats: SearchStats, bytes: number) => void;
  /** The clock of time limits; without it, `performance.now`. */
  readonly now?: () => number;
}

/** Why a search was stopped before it was done. */
export type StopReason = keyof SearchBudget | 'cancelled';

/** What an engine reports its work to, and asks before each piece of it. */
export interface Gauge extends MemoryMeter {
  readonly stopped: StopReason | null;
  readonly evaluated: number;
  generated: number;
  mayEvaluate(): boolean;
  mayExpand(): boolean;
  goesOn(): boolean;
}

const POLL_EVERY = 32;
/** With more operators one evaluation takes milliseconds, so that every one of them looks at the clock. */
const LARGE_TASK = 20_000;
const PROGRESS_MS = 100;

/**
 * Thrown where work that gives no partial answer, such as building a heuristic, has to end; `solve` turns it into an
 * answer.
 */
export class Stopped extends Error {
  constructor() {
    super('The search was stopped.');
  }
}

/** The answer of some work, or another one where the work was stopped. */
export function orStopped<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof Stopped) return otherwise;
    throw thrown;
  }
}

/** Asked at every step of long work: throws `Stopped` once the time is over or the caller has given up. */
export type Step = () => void;

/**
 * Counts what a search does and says when it must stop.
 *
 * meter.1 `expanded` and `evaluated` never pass their budgets: ask before doing.
 * meter.2 Once stopped it stays stopped, with the reason that came first; only `goOn` lifts the bound that `first` set.
 * meter.3 Every loop of a search asks `mayEvaluate`, `mayExpand`, `goesOn` or `step`, so that time and cancel end it
 *         anywhere.
 */
export class Meter implements Gauge {
  readonly facts: number;
  readonly operators: number;
  expanded = 0;
  evaluated = 0;
  generated = 0;
  bytes = 0;
  stopped: StopReason | null = null;
  readonly #limits: Required<SearchBudget>;
  readonly #control: SearchControl;
  readonly #started: number;
  readonly #pollEvery: number;
  readonly #now: () => number;
  #most: number;
  #polls = 0;
  #told: number;

  constructor(
    size: { readonly facts: number; readonly operators: number },
    budget: SearchBudget,
    control: SearchControl,
    started: number,
  ) {
    this.facts = size.facts;
    this.operators = size.operators;
    this.#limits = {
      expanded: Infinity,
      evaluated: Infinity,
      memory: Infinity,
      milliseconds: Infinity,
      operators: Infinity,
      rows: Infinity,
      ...budget,
    };
    this.#most = this.#limits.evaluated;
    this.#control = control;
    this.#started = started;
    this.#told = started;
    this.#pollEvery = size.operators > LARGE_TASK ? 1 : POLL_EVERY;
    this.#now = control.now ?? (() => performance.now());
  }

  /** Evaluations left. */
  get evaluationsLeft(): number {
    return this.#limits.evaluated - this.evaluated;
  }

  /** Lets only this many evaluations of the budget be spent, until `goOn` gives the rest. */
  first(evaluations: number): void {
    this.#most = Math.min(evaluations, this.#limits.evaluated);
  }

  /** Gives the rest of the evaluations; false where there is nothing left, or something else has ended the search. */
  goOn(): boolean {
    const isHeld = this.#most < this.#limits.evaluated;
    this.#most = this.#limits.evaluated;
    if (isHeld && this.stopped === 'evaluated') this.stopped = null;
    return isHeld && this.stopped === null;
  }

  hold(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.#limits.memory) this.stop('memory');
  }

  /** Counts one evaluation, or stops. */
  mayEvaluate(): boolean {
    if (this.evaluated >= this.#most) this.stop('evaluated');
    if (!this.goesOn()) return false;
    this.evaluated++;
    return true;
  }

  /** Counts one expansion, or stops. */
  mayExpand(): boolean {
    if (this.expanded >= this.#limits.expanded) this.stop('expanded');
    if (this.stopped !== null) return false;
    this.expanded++;
    return true;
  }

  /** False as soon as the search must end. */
  goesOn(): boolean {
    this.#poll();
    return this.stopped === null;
  }

  /** False once the time is over or the caller has given up; a count that is used up does not matter here. */
  inTime(): boolean {
    this.#poll();
    return this.stopped !== 'milliseconds' && this.stopped !== 'cancelled';
  }

  /** One more step of work that is no evaluation: building a heuristic, or a part of a long evaluation. */
  readonly step: Step = () => {
    if (!this.inTime()) throw new Stopped();
  };

  stop(reason: StopReason): void {
    this.stopped ??= reason;
  }

  stats(): SearchStats {
    return {
      facts: this.facts,
      operators: this.operators,
      expanded: this.expanded,
      evaluated: this.evaluated,
      generated: this.generated,
      milliseconds: Math.round(this.#now() - this.#started),
    };
  }

  #poll(): void {
    if (++this.#polls < this.#pollEvery) return;
    this.#polls = 0;
    this.#look();
  }

  #look(): void {
    const now = this.#now();
    if (now - this.#started > this.#limits.milliseconds) this.stop('milliseconds');
    if (this.#control.cancelled?.() === true) this.stop('cancelled');
    if (this.#control.progress !== undefined && now - this.#told >= PROGRESS_MS) {
      this.#told = now;
      this.#control.progress(this.stats(), this.bytes);
    }
  }
}

/** A part of a meter's budget, for a search within a search; what it held is given back at its end. */
export class Allowance implements Gauge {
  readonly #meter: Meter;
  #evaluations: number;
  #bytes = 0;
  #isUsedUp = false;

  constructor(meter: Meter, evaluations: number) {
    this.#meter = meter;
    this.#evaluations = evaluations;
  }

  get stopped(): StopReason | null {
    return this.#isUsedUp ? 'evaluated' : this.#meter.stopped;
  }

  get generated(): number {
    return this.#meter.generated;
  }

  set generated(count: number) {
    this.#meter.generated = count;
  }

  get evaluated(): number {
    return this.#meter.evaluated;
  }

  get left(): number {
    return this.#evaluations;
  }

  hold(bytes: number): void {
    this.#bytes += bytes;
    this.#meter.hold(bytes);
  }

  mayEvaluate(): boolean {
    if (this.#evaluations <= 0) this.#isUsedUp = true;
    if (this.stopped !== null || !this.#meter.mayEvaluate()) return false;
    this.#evaluations--;
    return true;
  }

  mayExpand(): boolean {
    return this.stopped === null && this.#meter.mayExpand();
  }

  goesOn(): boolean {
    return this.#meter.goesOn() && this.stopped === null;
  }

  release(): void {
    this.#meter.hold(-this.#bytes);
    this.#bytes = 0;
  }
}
