import type { Action, Json, JsonSchema, SkillManifest } from '@praxis/core';
import { checkCall } from './call-check.js';
import { propertiesOf } from './schema/parameters.js';

/** Keywords by which one argument decides about another: what they say is known only with all values. */
const TOGETHER = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentSchemas', 'dependentRequired'];

/**
 * What is wrong with a call some of whose arguments are not known yet, because they refer to what is to come; null where
 * nothing is.
 *
 * draft-check.1 A fault that it names is a fault whatever the open arguments turn out to be.
 */
export function draftProblem(action: Action, manifest: SkillManifest, isOpen: (value: Json) => boolean): string | null {
  const open = Object.keys(action.args).filter((name) => isOpen(action.args[name]!));
  const { input } = manifest;
  const parameters = manifest.parameters.map((p) => (open.includes(p.name) ? { ...p, type: 'any' } : p));
  const loose = input === undefined ? {} : { input: withOpen(input, open) };
  const checked = checkCall(action, { ...manifest, parameters, ...loose });
  return 'problem' in checked ? checked.problem : null;
}

function withOpen(input: JsonSchema, open: readonly string[]): JsonSchema {
  const own = Object.entries(input).filter(([keyword]) => !TOGETHER.includes(keyword));
  const properties = propertiesOf(input);
  const named = open.filter((name) => Object.hasOwn(properties, name)).map((name) => [name, {}] as const);
  // Where alternatives say what else there may be, the schema is as open as it was.
  const isClosed = own.length === Object.keys(input).length;
  return {
    ...Object.fromEntries(own),
    properties: { ...properties, ...Object.fromEntries(named) },
    ...(!isClosed && input['additionalProperties'] === undefined && { additionalProperties: true }),
  };
}
