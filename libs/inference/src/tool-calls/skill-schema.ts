import type { Json, JsonSchema } from '@praxis/core';
import { cleanItem } from '../prompts/clean-text.js';
import { schemaCheck } from '../client/schema-check.js';

/** Longest schema of a skill's input, in characters of JSON, and how deep it may be nested. */
export const SCHEMA_CHARS = 64 * 1024;
export const SCHEMA_DEPTH = 32;

/**
 * Checks the schema of a skill's input, which may come from anywhere.
 *
 * skill-schema.1 A schema is used only where it has at most 64 kB, is nested at most 32 deep, refers to nothing outside
 *                itself, describes an object, and compiles by draft 2020-12.
 * skill-schema.2 Patterns that may take for ever on a text that fits nearly are left out of the check: the skill itself
 *                checks what it needs.
 */
export function skillSchema(schema: JsonSchema): { readonly schema: JsonSchema } | { readonly problem: string } {
  const problem = problemOf(schema);
  if (problem !== null) return { problem };
  const safe = safePart({ type: 'object', ...schema }) as JsonSchema;
  const broken = schemaCheck.problem(safe);
  return broken === null ? { schema: safe } : { problem: broken };
}

function problemOf(schema: JsonSchema): string | null {
  // Walked before it is printed: what is nested too deep would exhaust the stack.
  const fault = partProblem(schema, 1);
  if (fault !== null) return fault;
  if (JSON.stringify(schema).length > SCHEMA_CHARS)
    return `its input schema is longer than ${SCHEMA_CHARS} characters; make it shorter, or leave out descriptions`;
  const { type } = schema;
  return type === undefined || type === 'object' ? null : 'its input schema does not describe an object';
}

function partProblem(part: Json, depth: number): string | null {
  if (typeof part !== 'object' || part === null) return null;
  if (depth > SCHEMA_DEPTH) return `its input schema is nested deeper than ${SCHEMA_DEPTH} levels`;
  if (!Array.isArray(part)) {
    for (const key of ['$ref', '$dynamicRef'])
      if (isRemote((part as JsonSchema)[key])) return `its input schema refers to another document by ${key}`;
  }
  for (const inner of Object.values(part)) {
    const fault = partProblem(inner as Json, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

const isRemote = (ref: Json | undefined): boolean => typeof ref === 'string' && !ref.startsWith('#');

/** Longest pattern that is tried. */
const LONGEST_PATTERN = 500;
/** A repetition of a group that holds a repetition or a choice may be tried in too many ways. */
const NESTED = /\([^()]*(?:[*+}|]|\([^()]*\))[^()]*\)\s*(?:[*+]|\{\d+,)/;
const BACK_REFERENCE = /\\[1-9]|\\k</;

const isSafePattern = (pattern: string): boolean =>
  pattern.length <= LONGEST_PATTERN && !NESTED.test(pattern) && !BACK_REFERENCE.test(pattern);

/**
 * The part without identifiers of documents, which would clash, without patterns that may take for ever, and without
 * marks of chat templates in what it says of itself.
 */
function safePart(part: Json): Json {
  if (Array.isArray(part)) return part.map((inner: Json) => safePart(inner));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).flatMap(([key, inner]) => {
      const safe = typeof inner === 'string' ? safeText(key, inner) : safeField(key, inner as Json);
      return safe === undefined ? [] : [[key, safe]];
    }),
  );
}

/** A field that holds a text; nothing where it is left out. */
function safeText(key: string, text: string): string | undefined {
  if (key === '$id' || key === '$schema') return undefined;
  if (key === 'description' || key === 'title') return cleanItem(text);
  return key !== 'pattern' || isSafePattern(text) ? text : undefined;
}

function safeField(key: string, inner: Json): Json | undefined {
  const isUnsafe =
    key === 'patternProperties' && typeof inner === 'object' && !Object.keys(inner ?? {}).every(isSafePattern);
  return isUnsafe ? undefined : safePart(inner);
}
