import type { Json, JsonSchema } from '@praxis/core';

/** What a reference looks like: `$sales`, `$s1.rows[0].id`. */
const REFERENCE: JsonSchema = {
  type: 'string',
  pattern: '^\\$[A-Za-z_]',
  description: 'or a reference, such as $s1.rows',
};

const NO_TEXT: ReadonlySet<Json> = new Set(['number', 'integer', 'boolean', 'array', 'object']);

/**
 * A schema of arguments in which a reference may stand for every value that is no text; texts may be references as they
 * are.
 *
 * referable-schema.1 Whatever fits the schema fits this one; what else fits it has references where it does not.
 */
export function referable(schema: JsonSchema): JsonSchema {
  const properties = schema['properties'];
  if (!isSchema(properties)) return schema;
  const loosened = Object.entries(properties).map(([name, part]) => [name, loosenedPart(part)] as const);
  return { ...schema, properties: Object.fromEntries(loosened) };
}

function loosenedPart(part: Json): Json {
  if (!isSchema(part)) return part;
  const items = part['items'];
  const inner = referable(isSchema(items) ? { ...part, items: loosenedPart(items) } : part);
  return NO_TEXT.has(part['type'] ?? null) ? { anyOf: [inner, REFERENCE] } : inner;
}

const isSchema = (value: Json | undefined): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
