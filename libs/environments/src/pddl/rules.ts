import { PraxisError, type Briefing, type SkillManifest } from '@praxis/core';
import {
  describeTypes,
  printFormula,
  type AskControl,
  type Domain,
  type Evaluator,
  type ProblemTexts,
} from '@praxis/search';
import type { Nature } from './nature.js';

/** By what a task is asked about, and on whose behalf. */
export interface Asking {
  readonly evaluator: Evaluator;
  readonly control: AskControl;
}

/** One task of a PDDL world, ready to be acted in. Whatever is asked about it goes through an evaluator. */
export interface Rules {
  readonly believed: ProblemTexts;
  /** The same object where what is believed is so. */
  readonly truth: ProblemTexts;
  readonly nature: Nature;
  /** Objects of this type act. */
  readonly agentType: string;
}

/**
 * Whose questions those of a session are: clones belong to the session they were made of, so that one run has one turn.
 */
export const turnOf = (session: string): string => session.split('~', 1)[0]!;

/** What agents are told of a task. */
export async function briefingOf({ believed, agentType }: Rules, { evaluator, control }: Asking): Promise<Briefing> {
  const condition = await evaluator.ask('goal', believed, [], control);
  const agents = await evaluator.ask('objectsOf', believed, [agentType], control);
  return { rules: { domain: believed.domain, problem: believed.problem }, condition, agents };
}

/**
 * Fails unless the true domain knows every action of the believed one with the same parameters, and chance names only
 * what there is.
 */
export function checkRules({
  believed,
  truth,
  nature,
}: {
  readonly believed: Domain;
  readonly truth: Domain;
  readonly nature: Nature;
}): void {
  const validationError = (why: string): PraxisError =>
    new PraxisError('invalid', `The rules of ${believed.name} do not fit together: ${why}.`);
  for (const action of believed.actions) {
    const real = truth.actions.find(({ name }) => name === action.name);
    if (JSON.stringify(real?.parameters) !== JSON.stringify(action.parameters))
      throw validationError(`${action.name} has other parameters in the true domain, or is not there`);
  }
  const known = new Set(believed.actions.map(({ name }) => name));
  const events = truth.actions.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  const unnamed =
    events.find((name) => !Object.hasOwn(nature.events, name)) ??
    Object.keys(nature.events).find((name) => !events.includes(name));
  if (unnamed !== undefined)
    throw validationError(
      `${unnamed} must be both an action of the true domain that agents do not know and an event with a chance`,
    );
  const stray = Object.keys(nature.slips).find((name) => !known.has(name));
  if (stray !== undefined) throw validationError(`there is no action ${stray} that could slip`);
}

/** The actions of a domain as skills. */
export function skillsOf(domain: Domain, source: string): readonly SkillManifest[] {
  return domain.actions.map((action) => ({
    name: action.name,
    summary: `Needs ${printFormula(action.precondition)}.`,
    parameters: action.parameters.map(({ name, types }) => ({ name: name.slice(1), type: describeTypes(types) })),
    effect: 'reversible',
    keyed: true,
    source,
  }));
}
