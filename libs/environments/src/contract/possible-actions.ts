import type { Action, Json, Rules, SkillManifest, WorldInfo, WorldSession } from '@praxis/core';
import { Interpreter, parseDomain, parseProblem } from '@praxis/search';

/**
 * Actions that may be possible in a session now: those that it lists; else those that its rules allow; else those that
 * were given; else calls of the skills that take only plain arguments, which are made up.
 */
export async function possibleActions(
  session: WorldSession,
  { skills }: Pick<WorldInfo, 'skills'>,
  given: readonly Action[],
): Promise<readonly Action[]> {
  if (session.legal) return session.legal();
  const { rules } = await session.briefing();
  if (rules !== null) return allowed(rules, session);
  return given.length > 0 ? given : skills.filter(isPlain).map(madeUp);
}

async function allowed(rules: Rules, session: WorldSession): Promise<readonly Action[]> {
  const domain = parseDomain(rules.domain);
  const interpreter = new Interpreter(domain, parseProblem(rules.problem, domain));
  const schemas = new Map(domain.actions.map((action) => [action.name, action]));
  return interpreter.legal(await session.observe()).map(({ action, args }) => ({
    skill: action,
    args: Object.fromEntries(schemas.get(action)!.parameters.map(({ name }, at) => [name.slice(1), args[at]!])),
  }));
}

/** Values of a type of JSON, and one that is of another type. */
export interface PlainType {
  readonly values: readonly [Json, ...Json[]];
  readonly misfit: Json;
}

const TEXT: PlainType = {
  values: ['praxis', 'two words', '"quotes" \\ it\'s', '(brackets) ; and more', 'größe 数 🙂', 'two\nlines', ''],
  misfit: 7,
};

/** The types of parameters that are plain values and no objects of the world. */
const PLAIN_TYPES: Readonly<Record<string, PlainType>> = {
  string: TEXT,
  text: TEXT,
  number: { values: [1, 0, -1.5, 1e9], misfit: 'seven' },
  integer: { values: [1, 0, -7, 123_456], misfit: 'seven' },
  boolean: { values: [true, false], misfit: 'perhaps' },
};

/** The plain type of a parameter; null where its values are objects of the world, or the type is none of JSON's. */
export function plainTypeOf(type: string | undefined): PlainType | null {
  return type !== undefined && Object.hasOwn(PLAIN_TYPES, type) ? PLAIN_TYPES[type]! : null;
}

const isPlain = ({ parameters }: SkillManifest): boolean => parameters.every(({ type }) => plainTypeOf(type) !== null);

const madeUp = ({ name: skill, parameters }: SkillManifest): Action => ({
  skill,
  args: Object.fromEntries(parameters.map(({ name, type }) => [name, plainTypeOf(type)!.values[0]])),
});
