import type { Heuristic, StateView } from '../../heuristics/heuristic.js';
import type { Gauge } from '../meter.js';
import { OperatorList } from '../states/operator-list.js';
import type { Outcome } from '../outcome.js';
import { PairHeap } from '../queues/pair-heap.js';
import { StateRegistry } from './registry.js';
import type { PackedState, StateSpace } from '../states/state-space.js';

/** A lower bound on an operator's cost and all that follows it, from one evaluation of the state before it. */
export interface ActionValues {
  readonly heuristic: Heuristic;
  /** Read right after `heuristic` has evaluated a state to `estimate`. */
  value(operator: number, cost: number, estimate: number): number;
}

/** What Q* is guided by. */
export interface QStarOptions {
  readonly values: ActionValues;
  readonly costs: Float64Array;
}

/**
 * Q*: A* whose open list holds pairs of a state and an operator, so that one evaluation ranks all children and a child
 * is made only when its turn comes.
 *
 * q-star.1 A pair's key is the cost so far plus its value, and never below the key of the pair it came from.
 * q-star.2 It ends once no pair has a key below the cost of the best goal met: where values never exceed true costs,
 *          the plan costs what A*'s costs.
 */
export class QStar {
  readonly #space: StateSpace;
  readonly #meter: Gauge;
  readonly #options: QStarOptions;
  readonly #registry: StateRegistry;
  readonly #open = new PairHeap();
  readonly #applicable = new OperatorList();
  readonly #from: PackedState;
  readonly #to: PackedState;
  readonly #cost: number[] = [];
  #goal = -1;
  #goalCost = Infinity;

  constructor(space: StateSpace, meter: Gauge, options: QStarOptions) {
    this.#space = space;
    this.#meter = meter;
    this.#options = options;
    this.#registry = new StateRegistry(space.width, meter);
    this.#from = space.blank();
    this.#to = space.blank();
  }

  run(): Outcome {
    const first = this.#space.initial();
    this.#registry.insert(first.words, -1, -1);
    this.#cost.push(0);
    this.#meet(first, 0, -1, 0);
    while (this.#open.lowest < this.#goalCost && this.#meter.goesOn()) {
      this.#open.pop();
      this.#follow(this.#open.first, this.#open.second, this.#open.key);
    }
    if (this.#meter.stopped !== null) return { kind: 'stopped' };
    return this.#goal < 0 ? { kind: 'exhausted' } : { kind: 'found', plan: this.#registry.path(this.#goal) };
  }

  /** Makes the child of a pair, and looks at it where this is the cheapest way to it so far. */
  #follow(parent: number, operator: number, key: number): void {
    const cost = this.#cost[parent]! + this.#options.costs[operator]!;
    if (cost >= this.#goalCost) return;
    this.#registry.load(parent, this.#from);
    this.#meter.generated++;
    if (!this.#space.apply(operator, this.#from, this.#to)) return;
    let id = this.#registry.insert(this.#to.words, parent, operator);
    if (id >= 0) {
      this.#meter.hold(8);
      this.#cost.push(cost);
    } else {
      id = ~id;
      if (cost >= this.#cost[id]!) return;
      this.#cost[id] = cost;
      this.#registry.setParent(id, parent, operator);
    }
    this.#meet(this.#to, id, parent, key);
  }

  #meet(state: PackedState, id: number, parent: number, floor: number): void {
    const cost = this.#cost[id]!;
    if (this.#space.isGoal(state)) {
      this.#goal = id;
      this.#goalCost = cost;
      return;
    }
    if (!this.#meter.mayEvaluate() || !this.#meter.mayExpand()) return;
    const { values, costs } = this.#options;
    const view: StateView = { words: state.words, numbers: state.numbers, id, parent };
    const estimate = values.heuristic.evaluate(view);
    if (estimate === Infinity) return;
    this.#space.applicable(state, this.#applicable);
    const before = this.#open.bytes;
    for (let k = 0; k < this.#applicable.size && this.#meter.goesOn(); k++) {
      const operator = this.#applicable.items[k]!;
      const value = values.value(operator, costs[operator]!, estimate);
      this.#open.push(Math.max(floor, cost + value), value - costs[operator]!, id, operator);
    }
    this.#meter.hold(this.#open.bytes - before);
  }
}
