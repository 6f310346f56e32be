import type { Condition, WorldState } from '@praxis/core';
import type { BrokenPlan, ExplainedPlan } from '../explain/explain-plan.js';
import type { Domain } from '../pddl/ast.js';
import type { AddedPrecondition, AvoidedAction } from '../request.js';
import { sharedEvaluator, type AskControl, type Evaluator } from './evaluator.js';
import type {
  KnownFailure,
  NamedCall,
  Operation,
  OperationArgs,
  OperationResult,
  PlanSteps,
  ProblemTexts,
  ProblemWords,
} from './operations.js';

/**
 * Rules as an agent believes them: PDDL texts and the preconditions learned since, asked where they keep nobody
 * waiting.
 */
export class BelievedRules {
  readonly #texts: ProblemTexts;
  #words: Promise<ProblemWords> | null = null;

  /** `control` says whose questions these are, and how they are given up. */
  constructor(
    { domain, problem }: { readonly domain: string; readonly problem: string },
    guards: readonly AddedPrecondition[] = [],
    private readonly control: AskControl = {},
    private readonly evaluator: Evaluator = sharedEvaluator,
  ) {
    this.#texts = { domain, problem, ...(guards.length > 0 && { guards }) };
  }

  /** Whether a condition holds in a state. */
  holds(condition: Condition, state: WorldState, signal?: AbortSignal): Promise<boolean> {
    return this.#ask('holds', [condition, state], signal);
  }

  /** Runs a plan and says what each step needs and does; an empty goal means the problem's own. */
  explain(
    from: WorldState,
    steps: PlanSteps,
    goal: Condition,
    signal?: AbortSignal,
  ): Promise<ExplainedPlan | BrokenPlan> {
    return this.#ask('explain', [from, steps.map(({ action, args }) => ({ action, args: [...args] })), goal], signal);
  }

  /** Remembered failures as rules for a search. */
  avoid(failures: readonly KnownFailure[], signal?: AbortSignal): Promise<readonly AvoidedAction[]> {
    if (failures.length === 0) return Promise.resolve([]);
    return this.#ask(
      'avoid',
      [failures.map(({ action, facts, permanent }) => ({ action, facts: [...facts], permanent }))],
      signal,
    );
  }

  /** The words that a condition may use, and what actions take and may change. */
  words(): Promise<ProblemWords> {
    return (this.#words ??= this.#ask('words', []));
  }

  /** A goal as literals that a plan's subgoals must cover; empty where it is not a conjunction of literals. */
  goalLiterals(condition: Condition): Promise<readonly string[]> {
    return this.#ask('goalLiterals', [condition]);
  }

  /** The actions that are possible in a state, with their arguments by name. */
  legal(state: WorldState, signal?: AbortSignal): Promise<readonly NamedCall[]> {
    return this.#ask('calls', [state], signal);
  }

  domain(): Promise<Domain> {
    return this.#ask('domain', []);
  }

  #ask<K extends Operation>(
    name: K,
    args: OperationArgs<K>,
    signal = this.control.signal,
  ): Promise<OperationResult<K>> {
    return this.evaluator.ask(name, this.#texts, args, { ...this.control, signal });
  }
}
