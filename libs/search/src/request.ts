import type { Condition, WorldState } from '@praxis/core';

/** A learned precondition: `action` is treated as needing `requires` too (a lifted literal over its parameters). */
export interface AddedPrecondition {
  readonly action: string;
  /** Variable names in the order of the action's parameters, e.g. `['?r', '?o']`. */
  readonly parameters: readonly string[];
  /** e.g. `(open ?c)` or `(not (locked ?d))`. */
  readonly requires: string;
}

/**
 * A ground action that failed in a state with these relevant literals: it is not tried again while all of them
 * still hold. With no literals it is never tried again.
 */
export interface AvoidedAction {
  /** `(take cup shelf)` */
  readonly action: string;
  /** Literals that held: `(at cup shelf)`, `(not (open shelf))`. */
  readonly while: readonly string[];
}

/** Limits of one search; the first to be reached ends it. Counts are exact; time is only ever a safety net. */
export interface SearchBudget {
  readonly expanded?: number;
  readonly evaluated?: number;
  /** Bytes held by the search's own tables. */
  readonly memory?: number;
  readonly milliseconds?: number;
  /** Ground actions; more end the search with `spent`. */
  readonly operators?: number;
  /**
   * Rows that grounding may look at: of joins, of quantifiers, of searches for invariants. More end it with `spent`.
   */
  readonly rows?: number;
}

/**
 * Which engine looks for the plan.
 * `greedy` follows LAMA's first iteration; `astar`, `weighted-astar` and `qstar` look at cost as well.
 */
export interface SearchConfig {
  readonly engine: 'greedy' | 'astar' | 'weighted-astar' | 'qstar';
  readonly heuristics: readonly ('goal-count' | 'add' | 'ff' | 'landmarks' | 'blind')[];
  readonly preferred: boolean;
  /** Multiplies h in weighted A*. */
  readonly weight: number;
  /** Ties are broken by a generator seeded with this, so that two searches are alike. */
  readonly seed: string;
}

/** What to plan: PDDL texts, and what differs from them. */
export interface PlanRequest {
  readonly domain: string;
  readonly problem: string;
  /** Replaces the problem's initial state. */
  readonly state?: WorldState;
  /** Replaces the problem's goal. */
  readonly goal?: Condition;
  readonly guards?: readonly AddedPrecondition[];
  readonly avoid?: readonly AvoidedAction[];
  /**
   * Keep only actions that name none of these objects (other agents' bodies, say).
   */
  readonly without?: readonly string[];
  /** Names of actions that are not to be used at all. */
  readonly forbidden?: readonly string[];
  /** Also say which facts every plan must pass through. */
  readonly landmarks?: boolean;
  readonly budget?: SearchBudget;
  readonly config?: Partial<SearchConfig>;
  /** Whose search it is, a run's id for example: searches of one owner share one turn of the pool. */
  readonly turn?: string;
}

/** One step of a plan. */
export interface PlanStep {
  readonly action: string;
  readonly args: readonly string[];
  /** By how much it raises the metric; 1 where there is none. */
  readonly cost: number;
}

/** What a search did, in counts that are the same on every machine (milliseconds apart). */
export interface SearchStats {
  readonly facts: number;
  readonly operators: number;
  readonly expanded: number;
  readonly evaluated: number;
  readonly generated: number;
  readonly milliseconds: number;
}

/** A plan that was found. */
export interface SolvedResult {
  readonly kind: 'solved';
  readonly steps: readonly PlanStep[];
  /** The value of the problem's metric after the plan; the number of its steps where there is no metric. */
  readonly cost: number;
  /** Whether it is proved that no plan has a better value. */
  readonly optimal: boolean;
  /** The problem's metric, such as `maximize (fun)`, where the search looked for a short plan instead. */
  readonly ignoredMetric?: string;
  readonly stats: SearchStats;
  /** Facts that every plan must pass through, where they were asked for. */
  readonly landmarks?: readonly string[];
}

/** How a search ended. */
export type SearchResult =
  | SolvedResult
  /** Proved: `reason` says how. */
  | { readonly kind: 'unsolvable'; readonly reason: string; readonly stats: SearchStats }
  /** Nothing proved: a budget was used up. */
  | { readonly kind: 'spent'; readonly budget: keyof SearchBudget; readonly stats: SearchStats }
  | { readonly kind: 'cancelled'; readonly stats: SearchStats };
