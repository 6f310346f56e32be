import { CostQueue } from './cost-queue.js';
import type { StateView } from './heuristic.js';
import { repetitions, repetitionsNow, slack } from './numeric-nodes.js';
import type { Relaxation } from './relaxation.js';

/** Costs that add up beyond this are cut off; sums of any number of preconditions stay finite. */
const GREATEST = 1e290;

/** How the cost of several preconditions is put together: `sum` is h_add, `max` is h_max. */
export type Combination = 'sum' | 'max';

/**
 * The cheapest way to each node of the relaxation from one state: a generalised Dijkstra search.
 *
 * relaxed-costs.1 Nothing is allocated for an evaluation.
 * relaxed-costs.2 It ends as soon as all goal nodes are settled; nodes dearer than those may have no cost yet.
 * relaxed-costs.3 With `max` a numeric condition costs at least one of its supports once, so that h_max stays
 *                 admissible; with `sum` it costs as many repetitions of one support as the condition is away.
 * relaxed-costs.4 A node that is reached costs at most `GREATEST`: only what cannot be reached is infinite, and no cost
 *                 is NaN.
 */
export class RelaxedCosts {
  readonly relaxation: Relaxation;
  /** Cost of each node, Infinity where it is not reached. */
  readonly cost: Float64Array;
  /** The action that reached each node most cheaply, -1 where the node holds already. */
  readonly supporter: Int32Array;
  /** How often the supporter is repeated. */
  readonly repeat: Int32Array;
  /** Cost of each action's preconditions together. */
  readonly before: Float64Array;
  readonly #sum: boolean;
  readonly #missing: Int32Array;
  readonly #queue: CostQueue;
  readonly #slack: Float64Array;
  readonly #scratch: Float64Array;
  readonly #isGoal: Uint8Array;
  #goal: Int32Array;

  constructor(relaxation: Relaxation, combination: Combination) {
    this.relaxation = relaxation;
    this.#sum = combination === 'sum';
    this.cost = new Float64Array(relaxation.nodes);
    this.supporter = new Int32Array(relaxation.nodes);
    this.repeat = new Int32Array(relaxation.nodes);
    this.before = new Float64Array(relaxation.actions);
    this.#missing = new Int32Array(relaxation.actions);
    this.#queue = new CostQueue(relaxation.integral);
    this.#slack = new Float64Array(relaxation.numeric.length);
    this.#scratch = new Float64Array(relaxation.task.variables.length);
    this.#isGoal = new Uint8Array(relaxation.nodes);
    this.#goal = relaxation.goal;
    for (const node of this.#goal) this.#isGoal[node] = 1;
  }

  get goal(): Int32Array {
    return this.#goal;
  }

  /** Aims at other facts from now on. */
  aimAt(goal: Int32Array): void {
    for (const node of this.#goal) this.#isGoal[node] = 0;
    this.#goal = goal;
    for (const node of goal) this.#isGoal[node] = 1;
  }

  /** Cost of the goal: the sum or the greatest of its nodes' costs, Infinity where one is out of reach. */
  run(state: StateView): number {
    this.#start(state);
    this.#spread(state);
    let total = 0;
    for (const node of this.#goal) {
      const cost = this.cost[node]!;
      total = this.#sum ? total + cost : Math.max(total, cost);
    }
    return total;
  }

  #start(state: StateView): void {
    const { relaxation, cost, supporter } = this;
    cost.fill(Infinity);
    supporter.fill(-1);
    this.before.fill(0);
    this.#missing.set(relaxation.needs);
    this.#queue.clear();
    const words = (relaxation.facts + 31) >> 5;
    for (let w = 0; w < words; w++) {
      for (let bits = state.words[w]!; bits !== 0; bits &= bits - 1) {
        const fact = (w << 5) + 31 - Math.clz32(bits & -bits);
        cost[fact] = 0;
        this.#queue.push(0, fact);
      }
    }
    for (let k = 0; k < relaxation.numeric.length; k++) {
      const node = relaxation.numeric[k]!;
      const now = slack(node, state.numbers);
      this.#slack[k] = now;
      if (node.strict ? now > 0 : now >= 0) this.#reach(relaxation.facts + k, 0, -1);
    }
    for (const action of relaxation.free) this.#fire(action, state);
  }

  #spread(state: StateView): void {
    const { cost, before } = this;
    const { start, values } = this.relaxation.uses;
    const missing = this.#missing;
    const queue = this.#queue;
    let goalsLeft = this.#goal.length;
    while (!queue.empty) {
      const node = queue.pop();
      const price = queue.key;
      if (price > cost[node]!) continue;
      if (this.#isGoal[node] === 1 && --goalsLeft === 0) return;
      const end = start[node + 1]!;
      for (let k = start[node]!; k < end; k++) {
        const action = values[k]!;
        if (this.#sum) before[action]! += price;
        else before[action] = price;
        if (--missing[action]! === 0) this.#fire(action, state);
      }
    }
  }

  #fire(action: number, state: StateView): void {
    const { add, supportStart, cost: prices } = this.relaxation;
    const price = Math.min(GREATEST, this.before[action]! + prices[action]!);
    const end = add.start[action + 1]!;
    for (let k = add.start[action]!; k < end; k++) {
      const fact = add.values[k]!;
      if (price < this.cost[fact]!) this.#reach(fact, price, action);
    }
    if (supportStart[action] !== supportStart[action + 1]) this.#support(action, price, state);
  }

  #reach(node: number, price: number, action: number): void {
    this.cost[node] = price;
    this.supporter[node] = action;
    this.repeat[node] = 1;
    this.#queue.push(price, node);
  }

  #support(action: number, price: number, state: StateView): void {
    const { supportStart, supports, numeric, facts, cost } = this.relaxation;
    for (let k = supportStart[action]!; k < supportStart[action + 1]!; k++) {
      const support = supports[k]!;
      const node = facts + support.node;
      if (this.cost[node] === 0 && this.supporter[node] === -1) continue;
      const now = this.#slack[support.node]!;
      const condition = numeric[support.node]!;
      let times = 1;
      if (this.#sum) {
        times =
          support.gain === null
            ? repetitionsNow(condition, now, support.effects, state.numbers, this.#scratch)
            : repetitions(condition, now, support.gain);
      }
      const total = Math.min(GREATEST, price + (times - 1) * cost[action]!);
      if (!(total < this.cost[node]!)) continue;
      this.#reach(node, total, action);
      this.repeat[node] = times;
    }
  }
}
