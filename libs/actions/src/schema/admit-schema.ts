import { canonical, type Json, type JsonSchema } from '@praxis/core';
import { KNOWN_FORMATS } from './known-formats.js';

/** The largest schema of a skill, in bytes of canonical JSON. */
const LARGEST = 64 * 1024;

/** The deepest schema, in nested objects and lists. */
const DEEPEST = 32;

/** Keywords whose value is one schema. */
const ONE: ReadonlySet<string> = new Set([
  ...['items', 'contains', 'additionalProperties', 'propertyNames', 'unevaluatedItems', 'unevaluatedProperties'],
  ...['not', 'if', 'then', 'else', 'contentSchema'],
]);
/** Keywords whose value is a list of schemas. */
const MANY: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
/** Keywords whose value maps names to schemas. */
const NAMED: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);

/** A schema as it may be compiled, or why it may not. */
export type AdmittedSchema = { readonly schema: JsonSchema } | { readonly problem: string };

/**
 * What of a skill's schema is compiled. It may come from a server, so that its size and depth are limited and it refers
 * only to its own parts; ids are left out, and formats that nothing here checks.
 */
export function admitSchema(schema: JsonSchema): AdmittedSchema {
  const depth = depthOf(schema);
  if (depth > DEEPEST) return { problem: `it is nested more than ${DEEPEST} levels deep` };
  const size = Buffer.byteLength(canonical(schema));
  if (size > LARGEST) return { problem: `it has ${size} bytes; at most ${LARGEST} are allowed` };
  try {
    return { schema: copySchema(schema) as JsonSchema };
  } catch (thrown) {
    if (!(thrown instanceof RemoteReference)) throw thrown;
    return {
      problem: `it refers to ${JSON.stringify(thrown.message)}; only references to its own parts (#/…) are followed`,
    };
  }
}

class RemoteReference extends Error {}

/** Levels of nesting, counted no further than one more than allowed, so that a deep one cannot exhaust the stack. */
function depthOf(value: Json, left = DEEPEST + 1): number {
  if (left === 0 || value === null || typeof value !== 'object') return 0;
  return 1 + Math.max(0, ...Object.values(value).map((inner: Json) => depthOf(inner, left - 1)));
}

function copySchema(schema: Json): Json {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema as { readonly [key: string]: Json }).flatMap(([keyword, value]) => {
      if (keyword === '$id' || keyword === '$schema' || keyword === 'id') return [];
      if (keyword === 'format' && !(typeof value === 'string' && Object.hasOwn(KNOWN_FORMATS, value))) return [];
      if (/^\$(dynamic)?ref$/i.test(keyword) && !(typeof value === 'string' && value.startsWith('#')))
        throw new RemoteReference(String(value));
      return [[keyword, copyKeyword(keyword, value)]];
    }),
  );
}

function copyKeyword(keyword: string, value: Json): Json {
  if (ONE.has(keyword)) return copySchema(value);
  if (MANY.has(keyword) && Array.isArray(value)) return value.map(copySchema);
  if (NAMED.has(keyword) && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, copySchema(of)]));
  return value;
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
