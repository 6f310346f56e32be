import { PraxisError, type Condition, type WorldState } from '@praxis/core';
import type { BrokenPlan, ExplainedPlan } from '../explain/explain-plan.js';
import type { PlanningModel } from '../explain/planning-model.js';
import type { GroundAction } from '../interpret/ground-action.js';
import type { Interpreter } from '../interpret/interpreter.js';
import type { LegalFilter } from '../interpret/legal.js';
import { describeTypes, printFormula } from '../pddl/print.js';
import type { Domain } from '../pddl/ast.js';
import type { AddedPrecondition, AvoidedAction } from '../request.js';
import { findCall, type Call } from './find-call.js';
import { refuseLarge, type ProblemLimits } from './problem-limits.js';

/** The PDDL of a problem, and the preconditions learned since. */
export interface ProblemTexts {
  readonly domain: string;
  readonly problem: string;
  readonly guards?: readonly AddedPrecondition[];
}

/** A problem that was read, and what answers questions about it. */
export interface ReadProblem {
  readonly model: PlanningModel;
  readonly interpreter: Interpreter;
}

/** Steps of a plan, by action and arguments. */
export type PlanSteps = readonly GroundAction[];

/** The words of a problem, and what its actions take and may change. */
export interface ProblemWords {
  readonly predicates: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
  readonly objects: ReadonlySet<string>;
  /** Parameter names of each action, without question marks. */
  readonly parameters: ReadonlyMap<string, readonly string[]>;
  /** The predicates that each action may change. */
  readonly changes: ReadonlyMap<string, readonly string[]>;
}

/** An action as a person or a model is told of it. */
export interface ActionOutline {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly needs: string;
}

/** A call of an action by the names of its parameters. */
export interface NamedCall {
  readonly skill: string;
  readonly args: Readonly<Record<string, string>>;
}

/** A remembered failure, as far as a search has to know it. */
export interface KnownFailure {
  readonly action: string;
  readonly facts: readonly string[];
  readonly permanent?: true | undefined;
}

/** Longer lists of legal actions help nobody, and would take long to hand over. */
const MOST_LEGAL = 50_000;

function listLegal({ interpreter }: ReadProblem, state: WorldState, filter: LegalFilter): readonly GroundAction[] {
  const found = interpreter.legal(state, filter);
  if (found.length <= MOST_LEGAL) return found;
  throw new PraxisError(
    'exhausted',
    `More than ${MOST_LEGAL} actions are possible in this state; use fewer objects, or actions with fewer parameters.`,
  );
}

/**
 * Whatever may be asked about a problem. Each question is pure, so that one that was ended may be asked again
 * elsewhere.
 */
export const OPERATIONS = {
  /** Refuses, with `invalid`, a problem or a condition beyond the limits. */
  admit: ({ model }: ReadProblem, limits: ProblemLimits, condition: Condition): null => {
    refuseLarge(model.domain, model.problem, limits);
    model.condition(condition);
    return null;
  },
  initial: ({ interpreter }: ReadProblem): WorldState => interpreter.initial(),
  /** The problem's own goal. */
  goal: ({ model }: ReadProblem): Condition => printFormula(model.problem.goal),
  objectsOf: ({ model }: ReadProblem, type: string): readonly string[] => model.objectsOf(type),
  call: ({ model }: ReadProblem, skill: string, args: Readonly<Record<string, unknown>>): Call =>
    findCall(model, skill, args),
  /** The state after an action; null where the action is not possible. */
  attempt: (
    { interpreter }: ReadProblem,
    action: string,
    args: readonly string[],
    state: WorldState,
  ): WorldState | null =>
    interpreter.applicable(action, args, state).ok ? interpreter.apply(action, args, state) : null,
  apply: ({ interpreter }: ReadProblem, action: string, args: readonly string[], state: WorldState): WorldState =>
    interpreter.apply(action, args, state),
  legal: listLegal,
  /** The same as calls, with arguments by the names of parameters. */
  calls: (problem: ReadProblem, state: WorldState): readonly NamedCall[] => {
    const names = new Map(
      problem.model.domain.actions.map(({ name, parameters }) => [name, parameters.map((p) => p.name.slice(1))]),
    );
    return listLegal(problem, state, {}).map(({ action, args }) => ({
      skill: action,
      args: Object.fromEntries(names.get(action)!.map((name, i) => [name, args[i]!])),
    }));
  },
  holds: ({ model }: ReadProblem, condition: Condition, state: WorldState): boolean => model.holds(condition, state),
  /** Why a condition does not hold; empty where it does. */
  unmet: ({ model }: ReadProblem, condition: Condition, state: WorldState): readonly string[] =>
    model.unmet(condition, state),
  explain: ({ model }: ReadProblem, from: WorldState, steps: PlanSteps, goal: Condition): ExplainedPlan | BrokenPlan =>
    model.explain(from, steps, goal),
  avoid: ({ model }: ReadProblem, failures: readonly KnownFailure[]): readonly AvoidedAction[] =>
    failures.map((f) => model.avoid(f)),
  words: ({ model }: ReadProblem): ProblemWords => ({
    ...model.words(),
    parameters: new Map(model.domain.actions.map((a) => [a.name, model.parametersOf(a.name)])),
    changes: model.changes(),
  }),
  outlines: ({ model }: ReadProblem): readonly ActionOutline[] =>
    model.domain.actions.map(({ name, parameters, precondition }) => ({
      name,
      parameters: parameters.map((p) => ({ name: p.name.slice(1), type: describeTypes(p.types) })),
      needs: printFormula(precondition),
    })),
  domain: ({ model }: ReadProblem): Domain => model.domain,
  goalLiterals: ({ model }: ReadProblem, condition: Condition): readonly string[] => model.goalLiterals(condition),
} as const;

export type Operation = keyof typeof OPERATIONS;
type Rest<T> = T extends (problem: ReadProblem, ...rest: infer R) => unknown ? R : never;
/** What an operation takes beside the problem. */
export type OperationArgs<K extends Operation> = Rest<(typeof OPERATIONS)[K]>;
export type OperationResult<K extends Operation> = ReturnType<(typeof OPERATIONS)[K]>;

/** A question about a problem, as it is sent to a thread. */
export interface EvaluationOrder {
  readonly name: Operation;
  readonly problem: ProblemTexts;
  readonly args: readonly unknown[];
  readonly steps: number;
}
