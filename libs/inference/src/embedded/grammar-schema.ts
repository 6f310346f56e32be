import type { Json, JsonSchema } from '@praxis/core';

const TYPES = ['number', 'integer', 'boolean', 'null'] as const;
/** What grammars know nothing of. */
const BEYOND = ['$ref', '$defs', 'allOf', 'not', 'patternProperties', 'prefixItems'] as const;
const NUMBERS = ['minItems', 'maxItems'] as const;

type Loose = { readonly [key: string]: Json };

/**
 * A schema in the subset that llama.cpp's grammars are made from; null where that cannot say what the schema means, and
 * the answer is only checked afterwards.
 *
 * grammar-schema.1 Whatever the grammar allows and the schema does not is left to the check; what the schema demands,
 *                  the grammar never forbids altogether.
 * grammar-schema.2 All properties are written, in the order of the schema, and no others: grammars know no optional
 *                  ones.
 */
export function grammarSchema(schema: JsonSchema): JsonSchema | null {
  return translated(schema);
}

function translated(schema: Json | undefined): Loose | null {
  if (!isObject(schema) || BEYOND.some((word) => word in schema)) return null;
  if (schema.const !== undefined) return isPlain(schema.const) ? { const: schema.const } : null;
  if (Array.isArray(schema.enum))
    return schema.enum.length > 0 && schema.enum.every(isPlain) ? { enum: [...new Set(schema.enum)] } : null;
  const choices = choicesOf(schema);
  if (choices !== null) return allOf(choices, (oneOf) => ({ oneOf }));
  return typed(schema);
}

function choicesOf(schema: Loose): readonly Json[] | null {
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return choices;
  return Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : null;
}

function typed(schema: Loose): Loose | null {
  if (schema.type === 'object') return object(schema);
  if (schema.type === 'array') return array(schema);
  if (schema.type === 'string') return { type: 'string', ...lengths(schema) };
  return TYPES.some((type) => type === schema.type) ? { type: schema.type! } : null;
}

function object(schema: Loose): Loose | null {
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  // Without any named, it is a map, of which grammars could say little.
  if (properties.length === 0) return null;
  return allOf(
    properties.map(([, inner]) => inner),
    (inner) => ({ type: 'object', properties: Object.fromEntries(properties.map(([name], i) => [name, inner[i]!])) }),
  );
}

function array(schema: Loose): Loose | null {
  return allOf([schema.items], ([items]) => ({ type: 'array', items: items!, ...picked(schema, NUMBERS) }));
}

/** Grammars write every repetition out: long bounds are left to the check. */
const LONGEST = 64;
const lengths = (schema: Loose): Loose =>
  Number(schema.minLength ?? 0) > LONGEST || Number(schema.maxLength ?? 0) > LONGEST
    ? {}
    : picked(schema, ['minLength', 'maxLength']);

function allOf(inner: readonly (Json | undefined)[], whole: (all: readonly Loose[]) => Loose): Loose | null {
  const all = inner.map((one) => translated(one));
  return all.every((one) => one !== null) ? whole(all) : null;
}

const picked = (schema: Loose, names: readonly string[]): Loose =>
  Object.fromEntries(names.flatMap((name) => (typeof schema[name] === 'number' ? [[name, schema[name]]] : [])));
const isPlain = (value: Json): boolean => value === null || typeof value !== 'object';
const isObject = (value: Json | undefined): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
