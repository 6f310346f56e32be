import type { OperatorList, OperatorSet } from '../engines/states/operator-list.js';

/** A state as a heuristic sees it. */
export interface StateView {
  /** Fact f is bit `f & 31` of word `f >> 5`. */
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  /** The state's number in the search, and its parent's (-1 for the first state). */
  readonly id: number;
  readonly parent: number;
}

/** Estimates how far a state is from the goal. */
export interface Heuristic {
  readonly name: string;
  /** Never more than the true cost. */
  readonly admissible: boolean;
  /** Infinity only where the goal is proved to be out of reach. */
  evaluate(state: StateView): number;
  /** Adds the operators that look useful in the state just evaluated; `applicable` are those that apply in it. */
  preferred(state: StateView, applicable: OperatorList, into: OperatorSet): void;
}

/**
 * How an operator is counted: as its cost, as one step, as its cost and one more, or by cost first and steps where
 * costs are equal.
 */
export type CostView = 'costs' | 'steps' | 'costs-and-steps' | 'costs-then-steps';
