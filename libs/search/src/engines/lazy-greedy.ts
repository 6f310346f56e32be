import type { Heuristic, StateView } from '../heuristics/heuristic.js';
import { Exploration } from './exploration.js';
import type { Gauge } from './meter.js';
import { OpenList } from './open-list.js';
import { OperatorList, OperatorSet } from './operator-list.js';
import type { Outcome } from './outcome.js';
import type { RandomSource } from './random.js';
import { StateRegistry } from './registry.js';
import type { PackedState, StateSpace } from './state-space.js';

/** How much longer the preferred lists are served after an estimate has never been so low. */
const BOOST = 1000;
/** Evaluations without progress after which states are also drawn at random. */
const PATIENCE = 1000;

/** What the greedy search is guided by. */
export interface GreedyOptions {
  readonly heuristics: readonly Heuristic[];
  readonly preferred: boolean;
  readonly random: RandomSource;
}

interface Source {
  readonly preferred: boolean;
  readonly list: { pop(): boolean; readonly empty: boolean; readonly entry: number; readonly operator: number };
  priority: number;
}

/**
 * Greedy best-first search that evaluates a state only when it is reached, and orders its children by its own estimate.
 *
 * G1 Each heuristic has its own list, and one more for preferred operators; the lists take turns, preferred ones being
 *    served first after progress.
 * G2 Every child of every state is in some list until it has been tried, so that an exhausted search is a proof.
 * G3 A state is dropped only where a heuristic proves that the goal is out of its reach.
 */
export class LazyGreedy {
  readonly #space: StateSpace;
  readonly #meter: Gauge;
  readonly #options: GreedyOptions;
  readonly #registry: StateRegistry;
  readonly #plain: OpenList[];
  readonly #preferred: OpenList[];
  readonly #sources: Source[];
  readonly #exploration: Exploration;
  readonly #best: number[];
  readonly #estimates: number[];
  readonly #applicable = new OperatorList();
  readonly #promising: OperatorSet;
  /** Preferred operators of each state that has some: the state, how many, the operators. */
  readonly #promises: number[] = [];
  readonly #from: PackedState;
  readonly #to: PackedState;
  readonly #unfolded: PackedState;
  readonly #depths: number[] = [];
  #sinceProgress = 0;
  #explores = false;

  constructor(space: StateSpace, meter: Gauge, options: GreedyOptions) {
    this.#space = space;
    this.#meter = meter;
    this.#options = options;
    this.#registry = new StateRegistry(space.width, meter);
    this.#promising = new OperatorSet(space.task.operators.length);
    this.#from = space.blank();
    this.#to = space.blank();
    this.#unfolded = space.blank();
    this.#plain = options.heuristics.map(() => new OpenList((id) => this.#children(id), meter));
    this.#preferred = options.preferred ? options.heuristics.map(() => new OpenList((at) => this.#promised(at), meter)) : [];
    this.#exploration = new Exploration(options.random, (id) => this.#children(id), meter);
    this.#sources = [
      ...this.#plain.map((list) => ({ preferred: false, list, priority: 0 })),
      ...this.#preferred.map((list) => ({ preferred: true, list, priority: 0 })),
    ];
    this.#best = options.heuristics.map(() => Infinity);
    this.#estimates = options.heuristics.map(() => Infinity);
  }

  run(): Outcome {
    const first = this.#space.initial();
    this.#registry.insert(first.words, -1, -1);
    this.#depths.push(0);
    if (this.#space.isGoal(first)) return { kind: 'found', plan: [] };
    if (!this.#meter.mayEvaluate()) return { kind: 'stopped' };
    this.#visit(first, 0, -1);
    while (this.#meter.stopped === null) {
      const source = this.#next();
      if (source === null) return { kind: 'exhausted' };
      const parent = source.preferred ? this.#promises[source.list.entry]! : source.list.entry;
      const goal = this.#step(parent, source.list.operator);
      if (goal >= 0) return { kind: 'found', plan: this.#registry.path(goal) };
    }
    return { kind: 'stopped' };
  }

  /** The least served list that has something. */
  #next(): Source | null {
    for (;;) {
      let best: Source | null = null;
      for (const source of this.#sources) if (!source.list.empty && (best === null || source.priority < best.priority)) best = source;
      if (best === null) return null;
      best.priority++;
      if (best.list.pop()) return best;
    }
  }

  /** Makes one child; its number where it is a goal, else -1. */
  #step(parent: number, operator: number): number {
    this.#registry.load(parent, this.#from);
    this.#meter.generated++;
    if (!this.#space.apply(operator, this.#from, this.#to)) return -1;
    const id = this.#registry.insert(this.#to.words, parent, operator);
    if (id < 0) {
      this.#meter.goesOn();
      return -1;
    }
    this.#depths.push(this.#depths[parent]! + 1);
    if (this.#space.isGoal(this.#to)) return id;
    if (this.#meter.mayEvaluate()) this.#visit(this.#to, id, parent);
    return -1;
  }

  #visit(state: PackedState, id: number, parent: number): void {
    const view: StateView = { words: state.words, numbers: state.numbers, id, parent };
    let isProgress = false;
    for (const [i, heuristic] of this.#options.heuristics.entries()) {
      const estimate = heuristic.evaluate(view);
      if (estimate === Infinity) return;
      this.#estimates[i] = estimate;
      if (estimate < this.#best[i]!) {
        this.#best[i] = estimate;
        isProgress = true;
      }
    }
    if (isProgress) this.#boost();
    else if (++this.#sinceProgress === PATIENCE) this.#explore();
    if (!this.#meter.mayExpand()) return;
    this.#enqueue(view);
  }

  #enqueue(view: StateView): void {
    for (const [i, list] of this.#plain.entries()) list.push(this.#estimates[i]!, view.id);
    this.#exploration.push(this.#estimates[0]!, this.#depths[view.id]!, view.id);
    if (this.#preferred.length === 0) return;
    this.#space.applicable(view, this.#applicable);
    this.#promising.clear();
    for (const heuristic of this.#options.heuristics) heuristic.preferred(view, this.#applicable, this.#promising);
    if (this.#promising.size === 0) return;
    const at = this.#promises.length;
    this.#promises.push(view.id, this.#promising.size);
    for (let k = 0; k < this.#promising.size; k++) this.#promises.push(this.#promising.items[k]!);
    this.#meter.hold(8 * (2 + this.#promising.size));
    for (const [i, list] of this.#preferred.entries()) list.push(this.#estimates[i]!, at);
  }

  #boost(): void {
    this.#sinceProgress = 0;
    for (const source of this.#sources) if (source.preferred) source.priority -= BOOST;
  }

  #explore(): void {
    if (this.#explores) return;
    this.#explores = true;
    const priority = Math.max(...this.#sources.map((s) => s.priority));
    this.#sources.push({ preferred: false, list: this.#exploration, priority });
  }

  #children(id: number): Int32Array {
    this.#registry.load(id, this.#unfolded);
    this.#space.applicable(this.#unfolded, this.#applicable);
    return this.#applicable.items.slice(0, this.#applicable.size);
  }

  #promised(at: number): Int32Array {
    return Int32Array.from(this.#promises.slice(at + 2, at + 2 + this.#promises[at + 1]!));
  }
}
