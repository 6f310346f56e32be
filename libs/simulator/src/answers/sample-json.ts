import { keyedChoice, keyedRandom, type Json, type JsonSchema } from '@praxis/core';
import { lorem } from './lorem.js';

/** References deeper than this end in null: a schema may speak of itself. */
const DEPTH = 12;

interface Sampling {
  readonly root: JsonSchema;
  readonly seed: string;
  readonly path: string;
  readonly depth: number;
}

/**
 * A value that fits a JSON Schema, chosen by seed: what an engine that is held to a schema says without knowing
 * anything. Understands what answers and tools are described with: types, enum, const, properties, items, anyOf, $ref
 * into the schema itself, and the simple limits.
 */
export function sampleJson(schema: JsonSchema, seed: string): Json {
  return sample(schema, { root: schema, seed, path: '$', depth: 0 });
}

function sample(schema: JsonSchema, at: Sampling): Json {
  if (at.depth > DEPTH) return null;
  if ('const' in schema) return schema['const']!;
  const { enum: options, anyOf, oneOf, allOf, $ref } = schema;
  if (Array.isArray(options)) return keyedChoice(options as readonly Json[], at.seed, at.path);
  if (typeof $ref === 'string') return sample(resolve(at.root, $ref), deeper(at, '$ref'));
  const choice = anyOf ?? oneOf;
  if (Array.isArray(choice))
    return sample(keyedChoice(choice as readonly JsonSchema[], at.seed, at.path), deeper(at, '|'));
  if (Array.isArray(allOf) && allOf.length > 0) return sample(allOf[0] as JsonSchema, deeper(at, '&'));
  return sampleType(schema, at);
}

function sampleType(schema: JsonSchema, at: Sampling): Json {
  const { type } = schema;
  switch (Array.isArray(type) ? type[0] : (type ?? ('properties' in schema ? 'object' : 'null'))) {
    case 'object':
      return sampleObject(schema, at);
    case 'array':
      return sampleArray(schema, at);
    case 'string':
      return sampleText(schema, at);
    case 'integer':
      return sampleNumber(schema, at, 1);
    case 'number':
      return sampleNumber(schema, at, 0.01);
    case 'boolean':
      return keyedRandom(at.seed, at.path) < 0.5;
    default:
      return null;
  }
}

function sampleObject(schema: JsonSchema, at: Sampling): Json {
  const properties = (schema['properties'] ?? {}) as { readonly [key: string]: JsonSchema };
  return Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, sample(part, deeper(at, key))]));
}

function sampleArray(schema: JsonSchema, at: Sampling): Json {
  const least = numberOf(schema['minItems'], 0);
  const most = Math.min(numberOf(schema['maxItems'], least + 2), least + 2);
  const length = least + Math.floor(keyedRandom(at.seed, at.path, 'items') * (most - least + 1));
  const items = (schema['items'] ?? {}) as JsonSchema;
  return Array.from({ length }, (_, i) => sample(items, deeper(at, String(i))));
}

function sampleText(schema: JsonSchema, at: Sampling): Json {
  const text = lorem(4, `${at.seed} ${at.path}`).padEnd(numberOf(schema['minLength'], 0), '.');
  return text.slice(0, numberOf(schema['maxLength'], text.length));
}

/** A multiple of the step within the limits; 0 to 1 for numbers and 0 to 9 for integers where there are none. */
function sampleNumber(schema: JsonSchema, at: Sampling, step: number): Json {
  const least = numberOf(schema['minimum'], numberOf(schema['exclusiveMinimum'], -step) + step);
  const most = Math.min(
    numberOf(schema['maximum'], numberOf(schema['exclusiveMaximum'], Infinity) - step),
    least + (step < 1 ? 1 : 9),
  );
  const steps = Math.max(0, Math.floor((most - least) / step));
  const value = least + Math.floor(keyedRandom(at.seed, at.path) * (steps + 1)) * step;
  return step < 1 ? Math.min(most, Number(value.toFixed(4))) : Math.ceil(value);
}

function numberOf(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function deeper(at: Sampling, key: string): Sampling {
  return { ...at, path: `${at.path}/${key}`, depth: at.depth + 1 };
}

function resolve(root: JsonSchema, ref: string): JsonSchema {
  let found: Json = root;
  for (const key of ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter((k) => k !== ''))
    found = (found as { readonly [key: string]: Json })[key] ?? {};
  return found as JsonSchema;
}
