import { literalHolds, type Literal, type RunId, type Trajectory, type WorldState } from '@praxis/core';
import { TypeHierarchy, type Domain, type TypedName } from '@praxis/search';

/** One time an action was applied: with which objects, in which state, and whether the world did it. */
export interface Application {
  readonly run: RunId;
  readonly subgoal: string;
  readonly step: number;
  readonly args: readonly string[];
  /** The world as it was when it judged the action. */
  readonly before: WorldState;
  readonly ok: boolean;
  /** Snapshot of the world right after, where one was taken. */
  readonly snapshot: string | null;
}

/**
 * Applications of an action in a trajectory. Only what the world did and what it refused (`not-applicable`) counts: a
 * slip says nothing about preconditions. Nor does a refusal in a state that was not the believed one, as far as it is
 * about the action's arguments.
 */
export function applicationsOf(
  action: string,
  run: RunId,
  subgoal: string,
  trajectory: Trajectory,
): readonly Application[] {
  return trajectory.steps
    .filter((s) => s.action.skill === action && (s.result.ok || (s.result.code === 'not-applicable' && s.isClean)))
    .map((s) => ({
      run,
      subgoal,
      step: s.step,
      args: Object.values(s.action.args).map(String),
      before: s.at,
      ok: s.result.ok,
      snapshot: s.snapshot,
    }));
}

/** Names an application in the evidence of a tool. */
export const applicationId = ({ subgoal, step }: Pick<Application, 'subgoal' | 'step'>): string => `${subgoal}#${step}`;

/** A predicate with more ways than this to fill its places says too little about any of them. */
const MOST_TUPLES = 2_000;

/**
 * Every literal over an action's parameters (and nothing else) that the domain can express, positive and negative;
 * predicates with too many ways to choose parameters are left out.
 */
export function liftedLiterals(domain: Domain, parameters: readonly TypedName[]): readonly Literal[] {
  const names = parameters.map((p) => p.name);
  return domain.predicates
    .filter((p) => choices(names.length, p.parameters.length) <= MOST_TUPLES)
    .flatMap(({ name, parameters: places }) =>
      tuples(names, places.length)
        .filter((t) => t.every((v, i) => fits(domain, parameters[names.indexOf(v)]!, places[i]!)))
        .flatMap((t) => {
          const atom = `(${[name, ...t].join(' ')})`;
          return [atom, `(not ${atom})`];
        }),
    );
}

/** Puts an application's objects in the place of the parameters. */
export function groundLiteral(literal: Literal, parameters: readonly string[], args: readonly string[]): Literal {
  return literal.replace(/\?[^\s()]+/g, (v) => args[parameters.indexOf(v)] ?? v);
}

/** Whether a lifted literal held when the action was applied. */
export function heldAt(literal: Literal, parameters: readonly string[], application: Application): boolean {
  return literalHolds(groundLiteral(literal, parameters, application.args), application.before);
}

/** Ways to fill so many places with different ones of so many names. */
function choices(names: number, places: number): number {
  let ways = 1;
  for (let i = 0; i < places && ways <= MOST_TUPLES; i++) ways *= Math.max(0, names - i);
  return ways;
}

function tuples(names: readonly string[], length: number): readonly (readonly string[])[] {
  if (length === 0) return [[]];
  return tuples(names, length - 1).flatMap((rest) => names.filter((n) => !rest.includes(n)).map((n) => [...rest, n]));
}

/** Whether a variable may stand at a place: some object could be of both their types. */
function fits(domain: Domain, variable: TypedName, place: TypedName): boolean {
  return new TypeHierarchy(domain.types).mayMeet(variable.types, place.types);
}
