import type { Step } from '../engines/meter.js';
import { LandmarkSets } from './landmark-sets.js';
import { addReasonableOrders } from './reasonable-orders.js';
import type { Relaxation } from './relaxation.js';
import { relaxedEffects, type RelaxedEffects } from './relaxed-effects.js';

/** Larger disjunctions say too little for what they cost to watch. */
const WIDEST = 4;

/** Something every plan must make true at some time: one of these nodes. */
export interface Landmark {
  readonly nodes: readonly number[];
  readonly isGoal: boolean;
  readonly holdsFirst: boolean;
  /** Landmarks that come before this one. */
  readonly before: Set<number>;
  /** Landmarks for which this one must hold in the very step before (greedy-necessary order). */
  readonly enables: Set<number>;
}

/** The landmarks of a task and their orders. */
export interface LandmarkGraph {
  readonly landmarks: readonly Landmark[];
}

/** Finds landmarks: single ones by propagation, small disjunctions of facts of one predicate by chaining back. */
export function findLandmarks(
  relaxation: Relaxation,
  holding: readonly number[],
  step: Step = () => {},
): LandmarkGraph {
  const effects = relaxedEffects(relaxation);
  const sets = LandmarkSets.find(relaxation, effects, holding, step);
  const builder = new GraphBuilder(relaxation, effects, sets, new Set(holding), step);
  builder.addGoals();
  if (sets !== null) {
    builder.addSingles(sets);
    builder.addDisjunctions(sets);
    addReasonableOrders(builder.landmarks, builder.firstAchievers, relaxation, step);
  }
  return { landmarks: builder.landmarks };
}

class GraphBuilder {
  readonly landmarks: Landmark[] = [];
  /** For each landmark the actions that can make it true for the first time. */
  readonly firstAchievers: number[][] = [];
  readonly #relaxation: Relaxation;
  readonly #effects: RelaxedEffects;
  readonly #sets: LandmarkSets | null;
  readonly #holding: ReadonlySet<number>;
  readonly #single = new Map<number, number>();
  readonly #disjunctions = new Map<string, number>();
  readonly #covered = new Set<number>();
  readonly #step: Step;

  constructor(
    relaxation: Relaxation,
    effects: RelaxedEffects,
    sets: LandmarkSets | null,
    holding: ReadonlySet<number>,
    step: Step,
  ) {
    this.#step = step;
    this.#relaxation = relaxation;
    this.#effects = effects;
    this.#sets = sets;
    this.#holding = holding;
  }

  addGoals(): void {
    for (const node of this.#relaxation.goal) this.#add([node], true);
  }

  addSingles(sets: LandmarkSets): void {
    for (const goal of this.#relaxation.goal)
      for (const node of sets.sets.columns(goal)) if (!this.#single.has(node)) this.#add([node], false);
    for (const [node, landmark] of this.#single) {
      this.#step();
      const { before } = this.landmarks[landmark]!;
      for (const other of sets.sets.columns(node)) if (other !== node) before.add(this.#single.get(other)!);
      const achievers = this.firstAchievers[landmark]!;
      if (achievers.length === 0) continue;
      for (const needed of this.#shared(achievers)) {
        const enabler = this.#single.get(needed);
        if (enabler !== undefined && enabler !== landmark) this.landmarks[enabler]!.enables.add(landmark);
      }
    }
  }

  addDisjunctions(sets: LandmarkSets): void {
    for (let landmark = 0; landmark < this.landmarks.length; landmark++) {
      this.#step();
      const achievers = this.firstAchievers[landmark]!;
      for (const nodes of achievers.length === 0 ? [] : this.#alternatives(achievers)) {
        const key = nodes.join(' ');
        const known = this.#disjunctions.get(key);
        if (known === undefined && nodes.some((n) => this.#covered.has(n))) continue;
        const found = known ?? this.#add(nodes, false);
        if (found === landmark) continue;
        if (known === undefined) this.#orderDisjunction(found, nodes, sets);
        this.#disjunctions.set(key, found);
        if (this.#isAfter(found, landmark)) continue;
        this.landmarks[landmark]!.before.add(found);
        this.landmarks[found]!.enables.add(landmark);
      }
    }
  }

  #isAfter(later: number, earlier: number): boolean {
    const seen = new Set([later]);
    for (const at of seen) {
      if (at === earlier) return true;
      for (const next of this.landmarks[at]!.before) seen.add(next);
    }
    return false;
  }

  /** What every member needs comes before the disjunction. */
  #orderDisjunction(landmark: number, nodes: readonly number[], sets: LandmarkSets): void {
    const [first, ...rest] = nodes.map((n) => sets.sets.columns(n));
    for (const node of first ?? []) {
      const other = this.#single.get(node);
      if (other !== undefined && rest.every((set) => set.includes(node))) this.landmarks[landmark]!.before.add(other);
    }
    for (const node of nodes) this.#covered.add(node);
    const achievers = this.firstAchievers[landmark]!;
    for (const needed of achievers.length === 0 ? [] : this.#shared(achievers)) {
      const enabler = this.#single.get(needed);
      if (enabler !== undefined) this.landmarks[enabler]!.enables.add(landmark);
    }
  }

  #add(nodes: readonly number[], isGoal: boolean): number {
    const number = this.landmarks.length;
    const holdsFirst = nodes.some((n) => this.#holding.has(n));
    this.landmarks.push({ nodes, isGoal, holdsFirst, before: new Set(), enables: new Set() });
    this.firstAchievers.push(holdsFirst || this.#sets === null ? [] : this.#achieversOf(nodes, this.#sets));
    if (nodes.length === 1) this.#single.set(nodes[0]!, number);
    return number;
  }

  #achieversOf(nodes: readonly number[], sets: LandmarkSets): number[] {
    const { start, values } = this.#effects.achievers;
    const out = new Set<number>();
    for (const node of nodes) {
      this.#step();
      for (let k = start[node]!; k < start[node + 1]!; k++) {
        const action = values[k]!;
        if (sets.isReached(action) && !nodes.some((n) => sets.needed(action).has(0, n))) out.add(action);
      }
    }
    return [...out];
  }

  /** Preconditions that all of these actions have. */
  #shared(actions: readonly number[]): number[] {
    const counts = new Map<number, number>();
    for (const action of actions)
      for (const node of this.#preconditions(action)) counts.set(node, (counts.get(node) ?? 0) + 1);
    return [...counts].flatMap(([node, count]) => (count === actions.length ? [node] : []));
  }

  /** Small sets of facts of one predicate of which each of these actions needs one. */
  #alternatives(actions: readonly number[]): number[][] {
    const byPredicate = new Map<string, { readonly nodes: Set<number>; readonly actions: Set<number> }>();
    for (const action of actions) {
      for (const node of this.#preconditions(action)) {
        if (node >= this.#relaxation.facts || this.#holding.has(node) || this.#single.has(node)) continue;
        const predicate = predicateOf(this.#relaxation.task.facts[node]!);
        let group = byPredicate.get(predicate);
        if (group === undefined) byPredicate.set(predicate, (group = { nodes: new Set(), actions: new Set() }));
        group.nodes.add(node);
        group.actions.add(action);
      }
    }
    return [...byPredicate.values()].flatMap((group) =>
      group.nodes.size > 1 && group.nodes.size <= WIDEST && group.actions.size === actions.length
        ? [[...group.nodes].sort((a, b) => a - b)]
        : [],
    );
  }

  #preconditions(action: number): Int32Array {
    const { start, values } = this.#relaxation.pre;
    return values.subarray(start[action]!, start[action + 1]!);
  }
}

function predicateOf(fact: string): string {
  return /^\((?:not \()?[^\s()]+/.exec(fact)?.[0] ?? fact;
}
