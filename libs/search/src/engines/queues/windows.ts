import type { Ff } from '../../heuristics/ff.js';
import { BestFirst } from '../algorithms/best-first.js';
import { Allowance, type Meter } from '../meter.js';
import { replay, sameState } from '../replay.js';
import { isTrue, type PackedState, type StateSpace } from '../states/state-space.js';

/** How a plan is made shorter. */
export interface WindowOptions {
  /** Guides the search inside a window; aimed at each window's end in turn. */
  readonly ff: Ff;
  /** What each operator costs, in the measure that is to become smaller. */
  readonly costs: Float64Array;
  /** Evaluations that may be spent on all windows together. */
  readonly evaluations: number;
}

interface Target {
  /** Null for the task's own goal. */
  readonly facts: Int32Array | null;
  readonly isReached: (state: PackedState) => boolean;
}

const SIZES = [4, 7, 12, 20, 32, 50];
const EVALUATIONS_PER_STEP = 40;

/**
 * Makes a plan cheaper piece by piece: each stretch of it is searched again for a cheaper way to the same end, in
 * stretches of growing length.
 */
export class Windows {
  readonly #space: StateSpace;
  readonly #meter: Meter;
  readonly #options: WindowOptions;
  #left: number;
  /** Whether what the rest of a plan needs can be told from preconditions alone. */
  readonly #isPlain: boolean;

  constructor(space: StateSpace, meter: Meter, options: WindowOptions) {
    this.#space = space;
    this.#meter = meter;
    this.#options = options;
    this.#left = options.evaluations;
    const { operators, axioms, variables } = space.task;
    this.#isPlain = axioms.length === 0 && variables.length === 0 && operators.every((o) => o.conditional.length === 0);
  }

  improve(first: readonly number[]): number[] {
    let plan = [...first];
    for (const size of SIZES) {
      for (let start = 0; start < plan.length && this.#goesOn();) {
        const better = this.#replace(plan, start, Math.min(plan.length, start + size));
        if (better !== null) {
          plan = better;
          start = Math.max(0, start - (size >> 1));
        } else {
          start += Math.max(1, size >> 1);
        }
      }
      if (size >= plan.length || !this.#goesOn()) break;
    }
    return plan;
  }

  #goesOn(): boolean {
    return this.#left > 0 && this.#meter.goesOn();
  }

  /** The plan with a cheaper way from step `start` to step `end`, or null where none was found. */
  #replace(plan: readonly number[], start: number, end: number): number[] | null {
    const states = replay(this.#space, plan);
    if (states === null) return null;
    const target = this.#target(plan, states, end);
    if (target.facts === null) this.#options.ff.aimAtGoal();
    else this.#options.ff.aimAt(target.facts);
    const below = plan.slice(start, end).reduce((sum, operator) => sum + this.#options.costs[operator]!, 0);
    const limit = Math.min(this.#left, EVALUATIONS_PER_STEP * (end - start));
    const allowance = new Allowance(this.#meter, limit);
    const search = new BestFirst(this.#space, allowance, {
      heuristics: [this.#options.ff],
      weight: 1,
      below,
      costs: this.#options.costs,
      isGoal: target.isReached,
    });
    const outcome = search.search(states[start]!);
    allowance.release();
    this.#left -= Math.max(1, limit - allowance.left);
    if (outcome.kind !== 'found') return null;
    const better = [...plan.slice(0, start), ...outcome.plan, ...plan.slice(end)];
    return replay(this.#space, better) === null ? null : better;
  }

  /** What must hold after step `end`: what the rest of the plan needs, or else the very same state. */
  #target(plan: readonly number[], states: readonly PackedState[], end: number): Target {
    if (end === plan.length) return { facts: null, isReached: (state) => this.#space.isGoal(state) };
    const same = states[end]!;
    if (!this.#isPlain) {
      const facts = this.#space.task.facts.flatMap((_, f) => (isTrue(same.words, f) ? [f] : []));
      return { facts: Int32Array.from(facts), isReached: (state) => sameState(state, same) };
    }
    const needed = new Set(this.#space.task.goal);
    for (let i = plan.length - 1; i >= end; i--) {
      const operator = this.#space.task.operators[plan[i]!]!;
      for (const fact of operator.add) needed.delete(fact);
      for (const fact of operator.pre) needed.add(fact);
    }
    const facts = Int32Array.from(needed);
    return { facts, isReached: (state) => facts.every((fact) => isTrue(state.words, fact)) };
  }
}
