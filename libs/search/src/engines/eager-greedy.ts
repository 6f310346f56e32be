import type { StateView } from '../heuristics/heuristic.js';
import { Guidance } from './guidance.js';
import type { GreedyOptions } from './lazy-greedy.js';
import type { Meter } from './meter.js';
import { OpenList } from './open-list.js';
import { OperatorList, OperatorSet } from './operator-list.js';
import type { PartialOutcome } from './outcome.js';
import { Promises } from './promises.js';
import { StateRegistry } from './registry.js';
import type { PackedState, StateSpace } from './state-space.js';
import { Turns } from './turns.js';

const ONCE = Int32Array.of(-1);

/**
 * Greedy best-first search that evaluates every child at once and opens the one with the lowest estimate.
 *
 * It needs more evaluations for a step than the lazy search but is not led astray by a parent's estimate, which decides
 * where most steps are wrong and cannot be undone.
 *
 * E1 Every state is in a list of each heuristic until it is opened, so that an exhausted search is a proof.
 * E2 A state reached by a preferred operator is in the preferred lists as well.
 */
export class EagerGreedy {
  readonly #space: StateSpace;
  readonly #meter: Meter;
  readonly #guidance: Guidance;
  readonly #registry: StateRegistry;
  readonly #plain: readonly OpenList[];
  readonly #preferred: readonly OpenList[];
  readonly #turns = new Turns();
  readonly #promises: Promises;
  readonly #applicable = new OperatorList();
  readonly #childApplicable = new OperatorList();
  readonly #promising: OperatorSet;
  readonly #wanted: OperatorSet;
  /** Where each state's preferred operators are kept, -1 for none, -2 where the state is done with. */
  readonly #kept: number[] = [];
  readonly #from: PackedState;
  readonly #to: PackedState;

  constructor(space: StateSpace, meter: Meter, options: GreedyOptions) {
    this.#space = space;
    this.#meter = meter;
    this.#guidance = new Guidance(options.heuristics);
    this.#registry = new StateRegistry(space.width, meter);
    this.#promises = new Promises(meter);
    this.#promising = new OperatorSet(space.task.operators.length);
    this.#wanted = new OperatorSet(space.task.operators.length);
    this.#from = space.blank();
    this.#to = space.blank();
    const lists = (): OpenList[] => options.heuristics.map(() => new OpenList(() => ONCE, meter));
    this.#plain = lists();
    this.#preferred = options.preferred ? lists() : [];
    for (const list of this.#plain) this.#turns.add(list, false);
    for (const list of this.#preferred) this.#turns.add(list, true);
  }

  /** Searches until the meter stops it, or pauses once so many states have been evaluated. */
  run(until = Infinity): PartialOutcome {
    if (this.#registry.size === 0 && this.#begin()) return { kind: 'found', plan: [] };
    while (this.#meter.stopped === null) {
      if (this.#meter.evaluated >= until) return { kind: 'paused' };
      const source = this.#turns.next();
      if (source === null) return { kind: 'exhausted' };
      const goal = this.#open(source.list.entry);
      if (goal >= 0) return { kind: 'found', plan: this.#registry.path(goal) };
    }
    return { kind: 'stopped' };
  }

  #begin(): boolean {
    const first = this.#space.initial();
    this.#registry.insert(first.words, -1, -1);
    if (this.#space.isGoal(first)) return true;
    this.#meet(first, 0, -1, false);
    return false;
  }

  /** Makes all children of a state; the number of one that is a goal, else -1. */
  #open(id: number): number {
    const at = this.#kept[id]!;
    if (at === -2) {
      this.#meter.goesOn();
      return -1;
    }
    if (!this.#meter.mayExpand()) return -1;
    this.#kept[id] = -2;
    this.#registry.load(id, this.#from);
    this.#wanted.clear();
    if (at >= 0) for (const operator of this.#promises.operators(at)) this.#wanted.add(operator);
    this.#space.applicable(this.#from, this.#applicable);
    for (let k = 0; k < this.#applicable.size && this.#meter.stopped === null; k++) {
      const operator = this.#applicable.items[k]!;
      this.#meter.generated++;
      if (!this.#space.apply(operator, this.#from, this.#to)) continue;
      const child = this.#registry.insert(this.#to.words, id, operator);
      if (child < 0) continue;
      if (this.#space.isGoal(this.#to)) return child;
      this.#meet(this.#to, child, id, this.#wanted.has(operator));
    }
    return -1;
  }

  #meet(state: PackedState, id: number, parent: number, isWanted: boolean): void {
    this.#meter.hold(8);
    this.#kept.push(-2);
    if (!this.#meter.mayEvaluate()) return;
    const view: StateView = { words: state.words, numbers: state.numbers, id, parent };
    const judgement = this.#guidance.judge(view);
    if (judgement === 'dead') return;
    if (judgement === 'progress') this.#turns.favour();
    this.#kept[id] = this.#promise(view);
    const { estimates } = this.#guidance;
    for (const [i, list] of this.#plain.entries()) list.push(estimates[i]!, id);
    if (isWanted) for (const [i, list] of this.#preferred.entries()) list.push(estimates[i]!, id);
  }

  #promise(view: StateView): number {
    if (this.#preferred.length === 0) return -1;
    this.#space.applicable(view, this.#childApplicable);
    this.#promising.clear();
    for (const heuristic of this.#guidance.heuristics) heuristic.preferred(view, this.#childApplicable, this.#promising);
    return this.#promising.size === 0 ? -1 : this.#promises.keep(view.id, this.#promising);
  }
}
