import type { Json, JsonSchema, SkillParameter } from '@praxis/core';
import { isObject, partsOf } from './composed-schema.js';

/** The properties of an object schema and of those that it is composed of, in their order. */
export function propertiesOf(schema: JsonSchema): Readonly<Record<string, Json>> {
  const named = new Map<string, Json>();
  // The first of a name is nearest to the schema itself.
  for (const { properties } of partsOf(schema, 'any'))
    for (const [name, property] of isObject(properties) ? Object.entries(properties) : [])
      if (!named.has(name)) named.set(name, property);
  return Object.fromEntries(named);
}

/** The arguments that an object schema requires. */
export const requiredOf = (schema: JsonSchema): readonly string[] =>
  partsOf(schema, 'all')
    .flatMap(({ required }) => (Array.isArray(required) ? required : []))
    .filter((name): name is string => typeof name === 'string');

/** The parameters that an object schema describes, in the order of its properties. */
export function parametersOf(schema: JsonSchema): readonly SkillParameter[] {
  const required = requiredOf(schema);
  return Object.entries(propertiesOf(schema)).map(([name, property]) => ({
    name,
    type: typeOf(property, schema),
    ...(!required.includes(name) && { optional: true }),
  }));
}

function typeOf(property: Json, root: JsonSchema): string {
  if (!isObject(property)) return 'any';
  const types = partsOf(root, 'all', property).map(ownType);
  return types.find((type) => type !== 'any') ?? 'any';
}

function ownType({ type, enum: values, anyOf, oneOf }: JsonSchema): string {
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.join('|');
  const choices = [anyOf, oneOf].find((c) => Array.isArray(c)) as readonly Json[] | undefined;
  if (choices) return [...new Set(choices.map((choice) => (isObject(choice) ? ownType(choice) : 'any')))].join('|');
  return Array.isArray(values) && values.every((v) => typeof v === 'string') ? 'string' : 'any';
}

/** The defaults of arguments that were left out. */
export function defaultsOf(schema: JsonSchema): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(propertiesOf(schema)).flatMap(([name, property]) => {
      const parts = isObject(property) ? partsOf(schema, 'all', property) : [];
      const said = parts.find((part) => part.default !== undefined)?.default;
      return said === undefined ? [] : [[name, said]];
    }),
  );
}

/** Keywords with which a schema itself says what else an object may hold. */
const OPEN = ['additionalProperties', 'unevaluatedProperties', 'patternProperties'];
/** Keywords with which a schema is composed of others, which name properties as well. */
const COMPOSED = ['$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'dependentSchemas'];

/** The schema that refuses arguments it does not name, unless it says itself what else there may be. */
export function closedSchema(schema: JsonSchema): JsonSchema {
  if (OPEN.some((keyword) => Object.hasOwn(schema, keyword))) return schema;
  const isComposed = COMPOSED.some((keyword) => Object.hasOwn(schema, keyword));
  return { ...schema, [isComposed ? 'unevaluatedProperties' : 'additionalProperties']: false };
}
