import type { Heuristic, StateView } from '../../heuristics/heuristic.js';
import type { Gauge } from '../meter.js';
import { OperatorList } from '../states/operator-list.js';
import type { Outcome, PartialOutcome } from '../outcome.js';
import { PairHeap } from '../queues/pair-heap.js';
import { StateRegistry } from './registry.js';
import type { PackedState, StateSpace } from '../states/state-space.js';

/** What A* is guided by. */
export interface BestFirstOptions {
  /** The greatest of their estimates counts. */
  readonly heuristics: readonly Heuristic[];
  /** Multiplies the estimate; above 1 the search is faster and its plan at most so many times dearer. */
  readonly weight: number;
  /** Only plans cheaper than this are looked for. */
  readonly below?: number;
  /** What each operator costs. */
  readonly costs: Float64Array;
  /** Where the search ends; at the task's goal if not given. */
  readonly isGoal?: (state: PackedState) => boolean;
}

/**
 * A* and weighted A*: always opens the state with the smallest cost so far plus weighted estimate.
 *
 * best-first.1 A state reached more cheaply after it was closed is opened again.
 * best-first.2 With admissible heuristics and weight 1 the plan found is a cheapest one.
 */
export class BestFirst {
  readonly #space: StateSpace;
  readonly #meter: Gauge;
  readonly #options: BestFirstOptions;
  readonly #registry: StateRegistry;
  readonly #open = new PairHeap();
  readonly #applicable = new OperatorList();
  readonly #from: PackedState;
  readonly #to: PackedState;
  /** Cost so far and estimate of each state. */
  readonly #cost: number[] = [];
  readonly #estimate: number[] = [];
  readonly #closed: boolean[] = [];

  constructor(space: StateSpace, meter: Gauge, options: BestFirstOptions) {
    this.#space = space;
    this.#meter = meter;
    this.#options = options;
    this.#registry = new StateRegistry(space.width, meter);
    this.#from = space.blank();
    this.#to = space.blank();
  }

  /** Searches to the end from a state, the task's first one if none is given. */
  search(first: PackedState = this.#space.initial()): Outcome {
    this.#begin(first);
    const outcome = this.run();
    // Without a bound there is no pause.
    return outcome.kind === 'paused' ? { kind: 'stopped' } : outcome;
  }

  /** Searches until the meter stops it, or pauses once so many states have been evaluated. */
  run(until = Infinity): PartialOutcome {
    if (this.#registry.size === 0) this.#begin(this.#space.initial());
    while (this.#open.size > 0 && this.#meter.goesOn()) {
      if (this.#meter.evaluated >= until) return { kind: 'paused' };
      this.#open.pop();
      const id = this.#open.first;
      if (this.#closed[id] === true) continue;
      this.#closed[id] = true;
      this.#registry.load(id, this.#from);
      if (this.#options.isGoal?.(this.#from) ?? this.#space.isGoal(this.#from))
        return { kind: 'found', plan: this.#registry.path(id) };
      if (!this.#meter.mayExpand()) break;
      this.#expand(id);
    }
    return { kind: this.#meter.stopped === null ? 'exhausted' : 'stopped' };
  }

  #begin(first: PackedState): void {
    this.#registry.insert(first.words, -1, -1);
    this.#meet(first, 0, -1, 0);
  }

  #expand(id: number): void {
    const { costs, below = Infinity } = this.#options;
    this.#space.applicable(this.#from, this.#applicable);
    for (let k = 0; k < this.#applicable.size && this.#meter.goesOn(); k++) {
      const operator = this.#applicable.items[k]!;
      const cost = this.#cost[id]! + costs[operator]!;
      if (cost >= below) continue;
      this.#meter.generated++;
      if (!this.#space.apply(operator, this.#from, this.#to)) continue;
      const child = this.#registry.insert(this.#to.words, id, operator);
      if (child >= 0) this.#meet(this.#to, child, id, cost);
      else this.#improve(~child, id, operator, cost);
    }
  }

  #meet(state: PackedState, id: number, parent: number, cost: number): void {
    this.#meter.hold(24);
    this.#cost.push(cost);
    this.#closed.push(false);
    this.#estimate.push(Infinity);
    if (!this.#meter.mayEvaluate()) return;
    const view: StateView = { words: state.words, numbers: state.numbers, id, parent };
    let estimate = 0;
    for (const heuristic of this.#options.heuristics) estimate = Math.max(estimate, heuristic.evaluate(view));
    this.#estimate[id] = estimate;
    this.#push(id);
  }

  #improve(id: number, parent: number, operator: number, cost: number): void {
    if (cost >= this.#cost[id]!) return;
    this.#cost[id] = cost;
    this.#registry.setParent(id, parent, operator);
    this.#closed[id] = false;
    this.#push(id);
  }

  #push(id: number): void {
    const estimate = this.#estimate[id]!;
    const { weight, below = Infinity } = this.#options;
    if (estimate === Infinity || this.#cost[id]! >= below) return;
    const before = this.#open.bytes;
    this.#open.push(this.#cost[id]! + weight * estimate, estimate, id, 0);
    this.#meter.hold(this.#open.bytes - before);
  }
}
