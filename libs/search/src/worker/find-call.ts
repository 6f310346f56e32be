import type { PlanningModel } from '../explain/planning-model.js';

/** A call of an action in the order of its parameters, or what is wrong with it. */
export type Call =
  | { readonly ok: true; readonly args: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Reads the arguments of an action that an agent wants to do. */
export function findCall(model: PlanningModel, skill: string, given: Readonly<Record<string, unknown>>): Call {
  const { actions } = model.domain;
  const schema = actions.find(({ name }) => name === skill);
  if (schema === undefined)
    return {
      ok: false,
      message: `there is no action ${skill}; there are ${actions.map(({ name }) => name).join(', ')}`,
    };
  const names = schema.parameters.map(({ name }) => name.slice(1));
  const stray = Object.keys(given).find((name) => !names.includes(name));
  if (stray !== undefined)
    return { ok: false, message: `${skill} has no parameter ${stray}; it has ${names.join(', ')}` };
  const args: string[] = [];
  for (const [at, { types }] of schema.parameters.entries()) {
    const name = names[at]!;
    const value = given[name];
    const own = typeof value === 'string' ? model.typesOf(value) : null;
    if (own === null)
      return {
        ok: false,
        message: `${name} of ${skill} must be the name of an object, found ${JSON.stringify(value ?? null)}`,
      };
    if (!model.isWithin(own, types))
      return {
        ok: false,
        message: `${name} of ${skill} must be of type ${types.join(' or ')}, but ${value as string} is of type ${own.join(' or ')}`,
      };
    args.push(value as string);
  }
  return { ok: true, args };
}
