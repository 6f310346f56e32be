import type { Json, JsonSchema, SkillParameter } from '@praxis/core';

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The properties of an object schema, in their order. */
export const propertiesOf = ({ properties }: JsonSchema): Readonly<Record<string, Json>> =>
  isObject(properties) ? properties : {};

/** The arguments that an object schema requires. */
export const requiredOf = ({ required }: JsonSchema): readonly string[] =>
  Array.isArray(required) ? required.filter((name): name is string => typeof name === 'string') : [];

/** The parameters that an object schema describes, in the order of its properties. */
export function parametersOf(schema: JsonSchema): readonly SkillParameter[] {
  const required = requiredOf(schema);
  return Object.entries(propertiesOf(schema)).map(([name, property]) => ({
    name,
    type: typeOf(property),
    ...(!required.includes(name) && { optional: true }),
  }));
}

function typeOf(property: Json): string {
  if (!isObject(property)) return 'any';
  const { type, enum: values, anyOf, oneOf } = property;
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.join('|');
  const choices = [anyOf, oneOf].find((c) => Array.isArray(c)) as readonly Json[] | undefined;
  if (choices) return [...new Set(choices.map(typeOf))].join('|');
  return Array.isArray(values) && values.every((v) => typeof v === 'string') ? 'string' : 'any';
}

/** The defaults of arguments that were left out. */
export function defaultsOf(schema: JsonSchema): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(propertiesOf(schema)).flatMap(([name, property]) =>
      isObject(property) && property.default !== undefined ? [[name, property.default]] : [],
    ),
  );
}

/** Keywords with which a schema itself says what else an object may hold. */
const OPEN = ['additionalProperties', 'unevaluatedProperties', 'patternProperties', 'allOf', 'anyOf', 'oneOf', '$ref'];

/** The schema that refuses arguments it does not name, unless it says itself what else there may be. */
export function closedSchema(schema: JsonSchema): JsonSchema {
  return OPEN.some((keyword) => Object.hasOwn(schema, keyword)) ? schema : { ...schema, additionalProperties: false };
}
