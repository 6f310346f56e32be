import type { Heuristic, StateView } from '../../heuristics/heuristic.js';
import { Exploration } from './exploration.js';
import { Guidance } from './guidance.js';
import type { Meter } from '../meter.js';
import { OpenList } from '../queues/open-list.js';
import { OperatorList, OperatorSet } from '../states/operator-list.js';
import type { PartialOutcome } from '../outcome.js';
import { Promises } from './promises.js';
import type { RandomSource } from '../random.js';
import { StateRegistry } from './registry.js';
import type { PackedState, StateSpace } from '../states/state-space.js';
import { Turns } from '../turns.js';

/** Evaluations without progress after which states are also drawn at random. */
const PATIENCE = 1000;

/** What a greedy search is guided by. */
export interface GreedyOptions {
  readonly heuristics: readonly Heuristic[];
  readonly preferred: boolean;
  readonly random: RandomSource;
}

/**
 * Greedy best-first search that evaluates a state only when it is reached, and orders its children by its own estimate.
 *
 * lazy-greedy.1 Each heuristic has its own list, and one more for preferred operators; the lists take turns, preferred
 *               ones being served first after progress.
 * lazy-greedy.2 Every child of every state is in some list until it has been tried, so that an exhausted search is a
 *               proof.
 * lazy-greedy.3 A state is dropped only where a heuristic proves that the goal is out of its reach.
 */
export class LazyGreedy {
  readonly #space: StateSpace;
  readonly #meter: Meter;
  readonly #guidance: Guidance;
  readonly #registry: StateRegistry;
  readonly #plain: readonly OpenList[];
  readonly #preferred: readonly OpenList[];
  readonly #exploration: Exploration;
  readonly #turns = new Turns();
  readonly #promises: Promises;
  readonly #applicable = new OperatorList();
  readonly #promising: OperatorSet;
  readonly #from: PackedState;
  readonly #to: PackedState;
  readonly #unfolded: PackedState;
  readonly #depths: number[] = [];
  #explores = false;

  constructor(space: StateSpace, meter: Meter, options: GreedyOptions) {
    this.#space = space;
    this.#meter = meter;
    this.#guidance = new Guidance(options.heuristics);
    this.#registry = new StateRegistry(space.width, meter);
    this.#promising = new OperatorSet(space.task.operators.length);
    this.#promises = new Promises(meter);
    this.#from = space.blank();
    this.#to = space.blank();
    this.#unfolded = space.blank();
    const children = (id: number): Int32Array => this.#children(id);
    this.#plain = options.heuristics.map(() => new OpenList(children, meter));
    this.#preferred = options.preferred
      ? options.heuristics.map(() => new OpenList((at) => this.#promises.operators(at), meter))
      : [];
    this.#exploration = new Exploration(options.random, children, meter);
    for (const list of this.#plain) this.#turns.add(list, false);
    for (const list of this.#preferred) this.#turns.add(list, true);
  }

  /** Searches until the meter stops it, or pauses once so many states have been evaluated. */
  run(until = Infinity): PartialOutcome {
    if (this.#registry.size === 0 && this.#begin()) return { kind: 'found', plan: [] };
    // A step that leads nowhere evaluates nothing, so that the loop asks for itself.
    while (this.#meter.goesOn()) {
      if (this.#meter.evaluated >= until) return { kind: 'paused' };
      const source = this.#turns.next();
      if (source === null) return { kind: 'exhausted' };
      const parent = source.preferred ? this.#promises.state(source.list.entry) : source.list.entry;
      const goal = this.#step(parent, source.list.operator);
      if (goal >= 0) return { kind: 'found', plan: this.#registry.path(goal) };
    }
    return { kind: 'stopped' };
  }

  /** Whether the first state is a goal already. */
  #begin(): boolean {
    const first = this.#space.initial();
    this.#registry.insert(first.words, -1, -1);
    this.#depths.push(0);
    if (this.#space.isGoal(first)) return true;
    if (this.#meter.mayEvaluate()) this.#visit(first, 0, -1);
    return false;
  }

  /** Makes one child; its number where it is a goal, else -1. */
  #step(parent: number, operator: number): number {
    this.#registry.load(parent, this.#from);
    this.#meter.generated++;
    if (!this.#space.apply(operator, this.#from, this.#to)) return -1;
    const id = this.#registry.insert(this.#to.words, parent, operator);
    if (id < 0) return -1;
    this.#meter.hold(8);
    this.#depths.push(this.#depths[parent]! + 1);
    if (this.#space.isGoal(this.#to)) return id;
    if (this.#meter.mayEvaluate()) this.#visit(this.#to, id, parent);
    return -1;
  }

  #visit(state: PackedState, id: number, parent: number): void {
    const view: StateView = { words: state.words, numbers: state.numbers, id, parent };
    const judgement = this.#guidance.judge(view);
    if (judgement === 'dead') return;
    if (judgement === 'progress') this.#turns.favour();
    if (!this.#explores && this.#guidance.sinceProgress > PATIENCE) {
      this.#explores = true;
      this.#turns.add(this.#exploration, false);
    }
    if (this.#meter.mayExpand()) this.#enqueue(view);
  }

  #enqueue(view: StateView): void {
    const { estimates, heuristics } = this.#guidance;
    for (const [i, list] of this.#plain.entries()) list.push(estimates[i]!, view.id);
    this.#exploration.push(estimates[0]!, this.#depths[view.id]!, view.id);
    if (this.#preferred.length === 0) return;
    this.#space.applicable(view, this.#applicable);
    this.#promising.clear();
    for (const heuristic of heuristics) heuristic.preferred(view, this.#applicable, this.#promising);
    if (this.#promising.size === 0) return;
    const at = this.#promises.keep(view.id, this.#promising);
    for (const [i, list] of this.#preferred.entries()) list.push(estimates[i]!, at);
  }

  #children(id: number): Int32Array {
    this.#registry.load(id, this.#unfolded);
    this.#space.applicable(this.#unfolded, this.#applicable);
    return this.#applicable.items.slice(0, this.#applicable.size);
  }
}
