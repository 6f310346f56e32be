import type { Step } from '../engines/meter.js';
import { CostQueue } from './cost-queue.js';
import type { Heuristic, StateView } from './heuristic.js';
import { slack } from './numeric-nodes.js';
import { relaxedEffects, holdingNodes, type RelaxedEffects } from './relaxed-effects.js';
import type { Relaxation } from './relaxation.js';

/**
 * LM-cut: cuts between the state and the goal, each a set of operators of which one must be used; admissible.
 *
 * lm-cut.1 Cost is shared out per operator, not per conditional effect, so that no operator is paid for twice.
 * lm-cut.2 The cuts of one evaluation also bound what is left after an operator: those that do not hold it must still
 *          be crossed. That is what Q* ranks operators by.
 */
export class LmCut implements Heuristic {
  readonly name = 'lm-cut';
  readonly admissible = true;
  readonly #relaxation: Relaxation;
  readonly #effects: RelaxedEffects;
  readonly #full: Float64Array;
  /** What is left of each operator's cost; the last entry stands for the axioms. */
  readonly #left: Float64Array;
  readonly #saved: Float64Array;
  readonly #cost: Float64Array;
  /** The dearest precondition of each action; `nodes` stands for none. */
  readonly #deciding: Int32Array;
  readonly #missing: Int32Array;
  readonly #queue: CostQueue;
  readonly #zone: Uint8Array;
  readonly #seen: Uint8Array;
  readonly #actionsOf: readonly (readonly number[])[];
  readonly #step: Step;
  #start: readonly number[] = [];
  #total = 0;

  constructor(relaxation: Relaxation, step: Step = () => {}) {
    this.#step = step;
    const operators = relaxation.task.operators.length;
    this.#relaxation = relaxation;
    this.#effects = relaxedEffects(relaxation);
    this.#full = new Float64Array(operators + 1);
    const actionsOf: number[][] = Array.from({ length: operators }, () => []);
    for (let a = 0; a < relaxation.actions; a++) {
      const operator = relaxation.operator[a]!;
      if (operator < 0) continue;
      this.#full[operator] = relaxation.cost[a]!;
      actionsOf[operator]!.push(a);
    }
    this.#actionsOf = actionsOf;
    this.#left = new Float64Array(operators + 1);
    this.#saved = new Float64Array(operators);
    this.#cost = new Float64Array(relaxation.nodes + 1);
    this.#deciding = new Int32Array(relaxation.actions);
    this.#missing = new Int32Array(relaxation.actions);
    this.#queue = new CostQueue(relaxation.integral);
    this.#zone = new Uint8Array(relaxation.nodes + 1);
    this.#seen = new Uint8Array(relaxation.nodes + 1);
  }

  evaluate(state: StateView): number {
    this.#left.set(this.#full);
    this.#saved.fill(0);
    this.#total = 0;
    this.#start = holdingNodes(this.#relaxation, state.words, (k) =>
      slack(this.#relaxation.numeric[k]!, state.numbers),
    );
    this.#firstCosts();
    for (;;) {
      this.#step();
      const dearest = this.#dearestGoal();
      if (dearest < 0 || this.#cost[dearest] === 0) return this.#total;
      if (this.#cost[dearest] === Infinity) return Infinity;
      this.#markZone(dearest);
      const cut = this.#findCut();
      // Only sums too large to be exact leave nothing to pay for; what was paid is a bound all the same.
      if (cut.size === 0) return this.#total;
      this.#payFor(cut);
    }
  }

  preferred(): void {}

  /** A lower bound on the cost that is left once this operator has been used in the state just evaluated. */
  after(operator: number): number {
    return this.#total - this.#saved[operator]!;
  }

  #price(action: number): number {
    const operator = this.#relaxation.operator[action]!;
    return operator < 0 ? 0 : this.#left[operator]!;
  }

  #firstCosts(): void {
    const { nodes, free, needs, uses } = this.#relaxation;
    this.#cost.fill(Infinity);
    this.#cost[nodes] = 0;
    this.#missing.set(needs);
    this.#queue.clear();
    for (const node of this.#start) this.#lower(node, 0);
    for (const action of free) {
      this.#deciding[action] = nodes;
      this.#fire(action);
    }
    while (!this.#queue.empty) {
      const node = this.#queue.pop();
      if (this.#queue.key > this.#cost[node]!) continue;
      for (let k = uses.start[node]!; k < uses.start[node + 1]!; k++) {
        const action = uses.values[k]!;
        if (--this.#missing[action]! > 0) continue;
        this.#deciding[action] = node;
        this.#fire(action);
      }
    }
  }

  #fire(action: number): void {
    const price = this.#cost[this.#deciding[action]!]! + this.#price(action);
    const { start, values } = this.#effects.of;
    for (let k = start[action]!; k < start[action + 1]!; k++) this.#lower(values[k]!, price);
  }

  #lower(node: number, price: number): void {
    if (price >= this.#cost[node]!) return;
    this.#cost[node] = price;
    this.#queue.push(price, node);
  }

  #dearestGoal(): number {
    let dearest = -1;
    for (const node of this.#relaxation.goal)
      if (dearest < 0 || this.#cost[node]! > this.#cost[dearest]!) dearest = node;
    return dearest;
  }

  /** The goal's zone: from where the goal costs nothing more. */
  #markZone(goal: number): void {
    this.#zone.fill(0);
    this.#zone[goal] = 1;
    const { start, values } = this.#effects.achievers;
    const stack = [goal];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (node === this.#relaxation.nodes) continue;
      for (let k = start[node]!; k < start[node + 1]!; k++) {
        const action = values[k]!;
        if (this.#missing[action]! > 0 || this.#price(action) > 0) continue;
        const source = this.#deciding[action]!;
        if (this.#zone[source] === 1) continue;
        this.#zone[source] = 1;
        stack.push(source);
      }
    }
  }

  /** The operators that lead into the zone from what can be reached without entering it. */
  #findCut(): Set<number> {
    const { nodes, uses, free, operator } = this.#relaxation;
    const { start, values } = this.#effects.of;
    const cut = new Set<number>();
    this.#seen.fill(0);
    const stack: number[] = [];
    const see = (node: number): void => {
      if (this.#seen[node] === 1) return;
      this.#seen[node] = 1;
      stack.push(node);
    };
    const cross = (action: number): void => {
      if (this.#missing[action]! > 0) return;
      let enters = false;
      for (let k = start[action]!; k < start[action + 1]!; k++) enters ||= this.#zone[values[k]!] === 1;
      if (enters) cut.add(operator[action]!);
      for (let k = start[action]!; k < start[action + 1]!; k++) if (this.#zone[values[k]!] === 0) see(values[k]!);
    };
    for (const node of this.#start) see(node);
    for (const action of free) cross(action);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (node === nodes) continue;
      for (let k = uses.start[node]!; k < uses.start[node + 1]!; k++) {
        if (this.#deciding[uses.values[k]!] === node) cross(uses.values[k]!);
      }
    }
    return cut;
  }

  #payFor(cut: ReadonlySet<number>): void {
    let share = Infinity;
    for (const operator of cut) share = Math.min(share, this.#left[operator]!);
    this.#total += share;
    for (const operator of cut) {
      this.#left[operator]! -= share;
      this.#saved[operator]! += share;
    }
    for (const operator of cut)
      for (const action of this.#actionsOf[operator]!) if (this.#missing[action] === 0) this.#fire(action);
    this.#settle();
  }

  /** Carries lower costs on: an action is looked at again only where its dearest precondition has become cheaper. */
  #settle(): void {
    const { uses, pre } = this.#relaxation;
    while (!this.#queue.empty) {
      const node = this.#queue.pop();
      if (this.#queue.key > this.#cost[node]!) continue;
      for (let k = uses.start[node]!; k < uses.start[node + 1]!; k++) {
        const action = uses.values[k]!;
        if (this.#deciding[action] !== node || this.#missing[action]! > 0) continue;
        for (let p = pre.start[action]!; p < pre.start[action + 1]!; p++) {
          if (this.#cost[pre.values[p]!]! > this.#cost[this.#deciding[action]!]!)
            this.#deciding[action] = pre.values[p]!;
        }
        this.#fire(action);
      }
    }
  }
}
