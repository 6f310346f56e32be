import { argumentOf, type Action, type Json, type JsonSchema, type SkillManifest } from '@praxis/core';
import { closedSchema, defaultsOf, requiredOf } from './schema/parameters.js';
import { checkerOf, type ValueCheck } from './schema/value-check.js';

/** A call as its skill sees it, or what is wrong with it. */
export type CheckedCall = { readonly action: Action } | { readonly problem: string };

const closed = new WeakMap<JsonSchema, JsonSchema>();

/** The check of a skill's arguments; the schema that is made of its own is made once. */
function inputCheck(input: JsonSchema): ValueCheck {
  const schema = closed.get(input) ?? closedSchema(input);
  closed.set(input, schema);
  return checkerOf(schema);
}

/** Why a manifest's schemas cannot be used; null where they can. */
export function schemaProblem({ input, output }: Pick<SkillManifest, 'input' | 'output'>): string | null {
  if (input !== undefined && input.type !== 'object') return 'its input schema is not of type object';
  const checks = { input: input && inputCheck(input), output: output && checkerOf(output) };
  for (const [side, check] of Object.entries(checks))
    if (check && 'problem' in check) return `its ${side} schema cannot be used: ${check.problem}`;
  return null;
}

/**
 * Checks a call against a manifest. What is given back has its arguments in the manifest's order and the defaults of
 * those that were left out; `null` for an optional argument that may not be null counts as left out.
 */
export function checkCall(action: Action, manifest: SkillManifest): CheckedCall {
  return manifest.input === undefined ? byParameters(action, manifest) : bySchema(action, manifest, manifest.input);
}

function bySchema(action: Action, manifest: SkillManifest, input: JsonSchema): CheckedCall {
  const check = inputCheck(input);
  if ('problem' in check) return { problem: `${action.skill} cannot be called: ${check.problem}` };
  const given = [action.args, withoutNulls(action.args, requiredOf(input))];
  for (const args of given)
    if (check.faults({ ...args }).length === 0)
      return { action: inOrder(action.skill, { ...defaultsOf(input), ...args }, manifest) };
  return { problem: `${action.skill}: ${check.faults({ ...given[1]! }).join('; ')}` };
}

const withoutNulls = (args: Action['args'], required: readonly string[]): Action['args'] =>
  Object.fromEntries(Object.entries(args).filter(([name, value]) => value !== null || required.includes(name)));

/** Types other than JSON's own are the world's to judge. */
function byParameters({ skill, args }: Action, manifest: SkillManifest): CheckedCall {
  const names = manifest.parameters.map(({ name }) => name);
  const stray = Object.keys(args).find((name) => !names.includes(name));
  if (stray !== undefined)
    return { problem: `${skill} has no parameter ${stray}; it has ${names.join(', ') || 'none'}` };
  for (const { name, type, optional } of manifest.parameters) {
    const value = argumentOf({ skill, args }, name) ?? null;
    if (value === null && optional === true) continue;
    if (value === null) return { problem: `${skill} needs ${name} (${type})` };
    if (!isOfType(value, type))
      return { problem: `${name} of ${skill} must be a ${type}, found ${JSON.stringify(value)}` };
  }
  const kept = Object.entries(args).filter(([, value]) => value !== null);
  return { action: inOrder(skill, Object.fromEntries(kept), manifest) };
}

function isOfType(value: Json, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return !(type === 'string' || type === 'number' || type === 'boolean') || typeof value === type;
}

/** Arguments in the order of the parameters; what the schema lets in besides follows in the caller's order. */
function inOrder(skill: string, args: Action['args'], { parameters }: SkillManifest): Action {
  const names = parameters.map(({ name }) => name).filter((name) => Object.hasOwn(args, name));
  const others = Object.keys(args).filter((name) => !names.includes(name));
  return { skill, args: Object.fromEntries([...names, ...others].map((name) => [name, args[name]!])) };
}
