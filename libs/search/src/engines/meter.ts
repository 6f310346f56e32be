import type { SearchBudget, SearchStats } from '../request.js';
import type { MemoryMeter } from './record-pool.js';

/** What a caller may do to a search while it runs. */
export interface SearchControl {
  readonly cancelled?: () => boolean;
  readonly progress?: (stats: SearchStats) => void;
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
const PROGRESS_MS = 100;

/**
 * Counts what a search does and says when it must stop.
 *
 * M1 `expanded` and `evaluated` never pass their budgets: ask before doing.
 * M2 Once stopped it stays stopped, with the reason that came first.
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
  #polls = 0;
  #told: number;

  constructor(size: { readonly facts: number; readonly operators: number }, budget: SearchBudget, control: SearchControl, started: number) {
    this.facts = size.facts;
    this.operators = size.operators;
    this.#limits = { expanded: Infinity, evaluated: Infinity, memory: Infinity, milliseconds: Infinity, operators: Infinity, ...budget };
    this.#control = control;
    this.#started = started;
    this.#told = started;
  }

  /** Evaluations left. */
  get evaluationsLeft(): number {
    return this.#limits.evaluated - this.evaluated;
  }

  hold(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.#limits.memory) this.stop('memory');
  }

  /** Counts one evaluation, or stops. */
  mayEvaluate(): boolean {
    if (this.evaluated >= this.#limits.evaluated) this.stop('evaluated');
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
    if (++this.#polls >= POLL_EVERY) {
      this.#polls = 0;
      this.#look();
    }
    return this.stopped === null;
  }

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
      milliseconds: Math.round(performance.now() - this.#started),
    };
  }

  #look(): void {
    const now = performance.now();
    if (now - this.#started > this.#limits.milliseconds) this.stop('milliseconds');
    if (this.#control.cancelled?.() === true) this.stop('cancelled');
    if (this.#control.progress !== undefined && now - this.#told >= PROGRESS_MS) {
      this.#told = now;
      this.#control.progress(this.stats());
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
