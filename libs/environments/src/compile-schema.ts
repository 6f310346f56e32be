import { digest, PraxisError, type Json, type JsonSchema } from '@praxis/core';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

/** What a schema of a caller's may be: characters of JSON, and depth of nesting. */
export const SCHEMA_LIMITS = { characters: 64 * 1024, depth: 32 } as const;

/** What is wrong with a value, one clause each; none where it fits. */
export type SchemaCheck = (value: Json) => readonly string[];

const KEPT = 256;
const compiled = new Map<string, SchemaCheck>();

/**
 * A JSON Schema 2020-12 as a check of values, compiled once per content. Fails with `invalid` where the schema is too
 * large, refers to another document, or is no schema.
 */
export function compileSchema(schema: JsonSchema): SchemaCheck {
  refuseLarge(schema);
  const key = digest(schema);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const check = makeCheck(schema);
  compiled.set(key, check);
  if (compiled.size > KEPT) compiled.delete(compiled.keys().next().value!);
  return check;
}

function makeCheck(schema: JsonSchema): SchemaCheck {
  // One instance for each schema: what one says under `$id` means nothing to another.
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, verbose: true, logger: false });
  let validate: ValidateFunction;
  try {
    const { $schema: _, ...rest } = schema;
    validate = ajv.compile(rest);
  } catch (thrown) {
    throw new PraxisError('invalid', `The JSON Schema cannot be used: ${(thrown as Error).message}`);
  }
  return (value) => (validate(value) ? [] : [...new Set((validate.errors ?? []).slice(0, 20).map(clause))]);
}

function clause({ instancePath, keyword, message, params, data }: ErrorObject): string {
  const more = 'additionalProperty' in params ? ` (${String(params['additionalProperty'])})` : '';
  const allowed = 'allowedValues' in params ? ` (${JSON.stringify(params['allowedValues'])})` : '';
  // Whoever wants no clashes wants to know which one there is.
  const surplus =
    keyword === 'maxItems' ? `; one too many is ${brief((data as Json[])[params['limit'] as number]!)}` : '';
  const where = instancePath === '' ? 'the value' : instancePath.slice(1).replaceAll('/', '.');
  return `${where} ${message}${more}${allowed}${surplus}`;
}

function brief(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function refuseLarge(schema: JsonSchema): void {
  const { length } = JSON.stringify(schema);
  if (length > SCHEMA_LIMITS.characters)
    throw new PraxisError(
      'invalid',
      `The JSON Schema has ${length} characters; the most is ${SCHEMA_LIMITS.characters}.`,
    );
  visit(schema, 1);
}

function visit(part: Json, depth: number): void {
  if (part === null || typeof part !== 'object') return;
  if (depth > SCHEMA_LIMITS.depth)
    throw new PraxisError('invalid', `The JSON Schema is nested deeper than ${SCHEMA_LIMITS.depth} levels.`);
  for (const [name, inner] of Object.entries(part)) {
    if ((name === '$ref' || name === '$dynamicRef') && typeof inner === 'string' && !inner.startsWith('#'))
      throw new PraxisError('invalid', `The JSON Schema refers to ${inner}; only parts of itself can be referred to.`);
    visit(inner as Json, depth + 1);
  }
}
