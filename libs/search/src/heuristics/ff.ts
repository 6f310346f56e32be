import type { OperatorList, OperatorSet } from '../engines/states/operator-list.js';
import type { Heuristic, StateView } from './heuristic.js';
import { RelaxedCosts } from './relaxed-costs.js';
import type { Relaxation } from './relaxation.js';

/**
 * The cost of a relaxed plan, made by following the cheapest supporters back from the goal.
 * Preferred are the operators of that plan which apply already.
 */
export class Ff implements Heuristic {
  readonly name = 'ff';
  readonly admissible = false;
  /** Operators of the relaxed plan last found. */
  readonly plan: number[] = [];
  readonly #costs: RelaxedCosts;
  readonly #relaxation: Relaxation;
  readonly #nodeRound: Int32Array;
  readonly #operatorRound: Int32Array;
  readonly #times: Int32Array;
  readonly #stack: number[] = [];
  readonly #first: number[] = [];
  #round = 0;

  constructor(relaxation: Relaxation) {
    this.#relaxation = relaxation;
    this.#costs = new RelaxedCosts(relaxation, 'sum');
    this.#nodeRound = new Int32Array(relaxation.nodes);
    this.#operatorRound = new Int32Array(relaxation.task.operators.length);
    this.#times = new Int32Array(relaxation.task.operators.length);
  }

  /** Aims at other facts from now on. */
  aimAt(goal: Int32Array): void {
    this.#costs.aimAt(goal);
  }

  aimAtGoal(): void {
    this.#costs.aimAt(this.#relaxation.goal);
  }

  evaluate(state: StateView): number {
    if (this.#costs.run(state) === Infinity) return Infinity;
    this.#round++;
    this.plan.length = 0;
    this.#first.length = 0;
    let total = 0;
    for (const node of this.#costs.goal) this.#visit(node);
    for (let node = this.#stack.pop(); node !== undefined; node = this.#stack.pop()) total += this.#support(node);
    return total;
  }

  preferred(_state: StateView, applicable: OperatorList, into: OperatorSet): void {
    if (this.#first.length === 0) return;
    for (const operator of this.#first) this.#operatorRound[operator] = -this.#round;
    for (let i = 0; i < applicable.size; i++) {
      const operator = applicable.items[i]!;
      if (this.#operatorRound[operator] === -this.#round) into.add(operator);
    }
  }

  #visit(node: number): void {
    if (this.#nodeRound[node] === this.#round) return;
    this.#nodeRound[node] = this.#round;
    if (this.#costs.supporter[node]! >= 0) this.#stack.push(node);
  }

  /** Puts a node's supporter into the plan; what that adds to the plan's cost. */
  #support(node: number): number {
    const { pre, operator: operators, cost } = this.#relaxation;
    const action = this.#costs.supporter[node]!;
    const operator = operators[action]!;
    for (let k = pre.start[action]!; k < pre.start[action + 1]!; k++) this.#visit(pre.values[k]!);
    if (operator < 0) return 0;
    if (this.#costs.before[action] === 0) this.#first.push(operator);
    const times = this.#costs.repeat[node]!;
    let known = 0;
    if (this.#operatorRound[operator] === this.#round) {
      known = this.#times[operator]!;
    } else {
      this.#operatorRound[operator] = this.#round;
      this.plan.push(operator);
    }
    if (times <= known) return 0;
    this.#times[operator] = times;
    return (times - known) * cost[action]!;
  }
}
