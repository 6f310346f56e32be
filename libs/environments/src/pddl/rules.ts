import { argumentOf, PraxisError, type Action, type Briefing, type SkillManifest } from '@praxis/core';
import { describeTypes, Interpreter, objectsOf, parseProblem, printFormula, TypeHierarchy, type ActionSchema, type Domain, type Problem } from '@praxis/search';
import type { Nature } from './nature.js';

/** The PDDL of a world: what agents are told, what is so, and what happens by chance. */
export interface RuleTexts {
  readonly believed: Domain;
  readonly truth: Domain;
  readonly nature: Nature;
  /** Objects of this type act. */
  readonly agentType: string;
  /** The believed domain and the problem, as they are told. */
  readonly domainText: string;
  readonly problemText: string;
}

/** One task of a PDDL world, ready to be acted in. */
export interface Rules {
  readonly believed: Interpreter;
  readonly truth: Interpreter;
  readonly nature: Nature;
  readonly domain: Domain;
  readonly problem: Problem;
  readonly briefing: Briefing;
}

/** Reads a problem and makes its task. */
export function makeRules(texts: RuleTexts, name: string): Rules {
  const { believed, truth, nature, agentType } = texts;
  const problem = parseProblem(texts.problemText, believed, name);
  const types = new TypeHierarchy(believed.types);
  const agents = types.has(agentType) ? problem.objects.filter((o) => types.isWithin(o.types, [agentType])).map((o) => o.name) : [];
  return {
    believed: new Interpreter(believed, problem),
    truth: truth === believed ? new Interpreter(believed, problem) : new Interpreter(truth, parseProblem(texts.problemText, truth, name)),
    nature,
    domain: believed,
    problem,
    briefing: { domain: texts.domainText, problem: texts.problemText, condition: printFormula(problem.goal), agents },
  };
}

/** Fails unless the true domain knows every action of the believed one with the same parameters, and chance names only what there is. */
export function checkRules({ believed, truth, nature }: Pick<RuleTexts, 'believed' | 'truth' | 'nature'>): void {
  const misfit = (why: string): PraxisError => new PraxisError('invalid', `The rules of ${believed.name} do not fit together: ${why}.`);
  for (const action of believed.actions) {
    const real = truth.actions.find(({ name }) => name === action.name);
    if (JSON.stringify(real?.parameters) !== JSON.stringify(action.parameters)) throw misfit(`${action.name} has other parameters in the true domain, or is not there`);
  }
  const known = new Set(believed.actions.map(({ name }) => name));
  const events = truth.actions.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  const unnamed = events.find((name) => !Object.hasOwn(nature.events, name)) ?? Object.keys(nature.events).find((name) => !events.includes(name));
  if (unnamed !== undefined) throw misfit(`${unnamed} must be both an action of the true domain that agents do not know and an event with a chance`);
  const stray = Object.keys(nature.slips).find((name) => !known.has(name));
  if (stray !== undefined) throw misfit(`there is no action ${stray} that could slip`);
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

/** A call of an action in the order of its parameters, or what is wrong with it. */
export type Call = { readonly ok: true; readonly args: readonly string[] } | { readonly ok: false; readonly message: string };

/** Reads the arguments of an action that an agent wants to do. */
export function readCall({ domain, problem }: Rules, action: Action): Call {
  const schema = domain.actions.find(({ name }) => name === action.skill);
  if (schema === undefined) return { ok: false, message: `there is no action ${action.skill}; there are ${domain.actions.map(({ name }) => name).join(', ')}` };
  const names = schema.parameters.map(({ name }) => name.slice(1));
  const stray = Object.keys(action.args).find((name) => !names.includes(name));
  if (stray !== undefined) return { ok: false, message: `${action.skill} has no parameter ${stray}; it has ${names.join(', ')}` };
  const args: string[] = [];
  const objects = objectsOf(domain, problem);
  const hierarchy = new TypeHierarchy(domain.types);
  for (const [at, { types }] of schema.parameters.entries()) {
    const name = names[at]!;
    const value = argumentOf(action, name);
    const object = objects.find((o) => o.name === value);
    if (object === undefined) return { ok: false, message: `${name} of ${action.skill} must be the name of an object, found ${JSON.stringify(value ?? null)}` };
    if (!hierarchy.isWithin(object.types, types)) return { ok: false, message: `${name} of ${action.skill} must be of type ${types.join(' or ')}, but ${object.name} is of type ${object.types.join(' or ')}` };
    args.push(object.name);
  }
  return { ok: true, args };
}

/** A ground action with its arguments named as the schema names them. */
export function nameArguments(schema: ActionSchema, args: readonly string[]): Action {
  return { skill: schema.name, args: Object.fromEntries(schema.parameters.map(({ name }, i) => [name.slice(1), args[i]!])) };
}
