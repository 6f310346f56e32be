import { z } from 'zod';
import { failureSchema, relevantFacts, type Failure } from './failure.js';
import { literalHolds, negate, type Literal, type WorldState } from '../values/state.js';

/** An action that went well, and what was true of its arguments just before it. */
export interface Success {
  /** `(take cup shelf)` */
  readonly action: string;
  readonly facts: readonly string[];
}

/** A remembered failure with what helps to get past it: data for whoever plans or acts. */
export const toldFailureSchema = failureSchema.extend({
  /**
   * What may have been missing: literals about the arguments that held whenever the same skill went well and did not
   * hold when this failed. Absent where there is no success to compare with.
   */
  missing: z.array(z.string()).optional(),
  /**
   * How the facts about the arguments differ now from those of the failure; absent while it still forbids the action.
   */
  changed: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }).optional(),
});
export type ToldFailure = z.infer<typeof toldFailureSchema>;

/** What a failure is compared with. */
export interface FailureFrame {
  readonly state: WorldState;
  readonly successes: readonly Success[];
}

/** Tells failures as they stand now; one is left out while all that may have been missing is there. */
export function tellFailures(failures: readonly Failure[], frame: FailureFrame): readonly ToldFailure[] {
  const isOver = ({ missing = [] }: ToldFailure): boolean =>
    missing.length > 0 && missing.every((literal) => literalHolds(literal, frame.state));
  return failures.map((f) => tellFailure(f, frame)).filter((f) => !isOver(f));
}

/** Tells a failure as it stands now: what may have been missing, and what has changed since. */
export function tellFailure(failure: Failure, { state, successes }: FailureFrame): ToldFailure {
  // Nothing that could change would lift it.
  if (failure.permanent === true) return failure;
  const missing = missingAt(failure, successes);
  const now = relevantFacts(state, argumentsOf(failure.action));
  const added = now.filter((f) => !failure.facts.includes(f));
  const removed = failure.facts.filter((f) => !now.includes(f));
  return {
    ...failure,
    ...(missing && { missing: [...missing] }),
    ...(added.length + removed.length > 0 && { changed: { added, removed } }),
  };
}

/**
 * Literals that held in every success of the failed action's skill and not at the failure, said of its own arguments,
 * those that were absent first. Null where no success of the skill is known.
 */
export function missingAt(
  failure: Pick<Failure, 'action' | 'facts'>,
  successes: readonly Success[],
): readonly Literal[] | null {
  const alike = successes.filter((s) => skillOf(s.action) === skillOf(failure.action));
  if (alike.length === 0) return null;
  const failed = new Set(failure.facts.map((f) => lift(f, failure.action)));
  const [first = new Set<string>(), ...rest] = alike.map((s) => new Set(s.facts.map((f) => lift(f, s.action))));
  const always = [...first].filter((f) => rest.every((facts) => facts.has(f)));
  const absent = always.filter((f) => !failed.has(f));
  const strange = [...failed].filter((f) => ![first, ...rest].some((facts) => facts.has(f)));
  return [...absent, ...strange.map(negate)].map((literal) => lower(literal, failure.action));
}

const skillOf = (action: string): string => action.slice(1, -1).split(' ', 1)[0]!;
const argumentsOf = (action: string): readonly string[] => action.slice(1, -1).split(' ').slice(1);

/** A fact with the places of the arguments instead of the objects: `(at ?0 ?1)`. */
function lift(fact: string, action: string): string {
  const args = argumentsOf(action);
  const [predicate, ...objects] = fact.slice(1, -1).split(' ');
  return `(${[predicate, ...objects.map((o) => (args.includes(o) ? `?${args.indexOf(o)}` : o))].join(' ')})`;
}

const lower = (literal: Literal, action: string): Literal =>
  literal.replace(/\?(\d+)/g, (place, n: string) => argumentsOf(action)[Number(n)] ?? place);
