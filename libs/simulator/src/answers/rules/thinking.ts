import { relevantFacts, type WorldState } from '@praxis/core';
import type { GroundAction, PlanRequest, SearchResult } from '@praxis/search';
import { avoidedOf, splitAction, textOf, type BlockTask, type ToldFailure } from './task.js';
import type { TrainOfThought } from './train-of-thought.js';

/** Searches as a rule-made answer asks for them. */
export type Think = (request: PlanRequest, signal: AbortSignal) => Promise<SearchResult>;

/** What a rule may use. */
export interface ModelResult {
  readonly think: Think;
  /** Most states that one search looks at. */
  readonly evaluated: number;
  readonly signal: AbortSignal;
  /** What was meant to be done next; without it every step is thought out anew. */
  readonly train?: TrainOfThought;
}

/** What differs between the searches of one task. */
export interface Variation {
  readonly state?: WorldState;
  readonly failures?: readonly ToldFailure[];
  readonly without?: readonly string[];
}

/**
 * Looks for a plan from the believed rules. Failures are held to be lasting, unless nothing is left then: what slipped
 * may go well next time, and only what was refused stays forbidden; then only what was refused as things are now. Last
 * of all, objects may be more than the prompt shows.
 */
export async function planFrom(
  task: BlockTask,
  thinking: ModelResult,
  { state = task.state, failures = [], without = [] }: Variation = {},
): Promise<SearchResult> {
  const search = (problem: string, avoid: readonly ToldFailure[]): Promise<SearchResult> =>
    thinking.think(
      {
        domain: task.domain,
        problem,
        state,
        guards: task.guards,
        ...(task.goal === '' ? {} : { goal: task.goal }),
        without,
        avoid: avoidedOf(task.model, avoid),
        budget: { evaluated: thinking.evaluated },
      },
      thinking.signal,
    );
  const refused = failures.filter((f) => f.code === 'not-applicable' || f.code === 'invalid-args');
  let result = await search(task.problem, failures);
  if (result.kind === 'unsolvable' && refused.length < failures.length) result = await search(task.problem, refused);
  const lasting = refused.filter((f) => isRepeated(f, splitAction(f.action), state));
  if (result.kind === 'unsolvable' && lasting.length < refused.length) result = await search(task.problem, lasting);
  return result.kind === 'unsolvable' && task.widerProblem !== null ? search(task.widerProblem, refused) : result;
}

/** Whether the action failed before while the facts about its arguments were as they are in this state. */
export function isRepeated(failure: ToldFailure, action: GroundAction, state: WorldState): boolean {
  if (failure.action !== textOf(action)) return false;
  return (
    failure.facts === null || [...failure.facts].sort().join() === [...relevantFacts(state, action.args)].sort().join()
  );
}

/** Why a search gave no plan, for people. */
export function whyNot(result: Exclude<SearchResult, { readonly kind: 'solved' }>): string {
  if (result.kind === 'unsolvable') return `by the rules that are known no plan reaches the goal: ${result.reason}`;
  return result.kind === 'spent'
    ? `no plan was found within the budget of ${result.budget}`
    : 'the search was cancelled';
}
