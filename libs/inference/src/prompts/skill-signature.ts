import { clipText, inputSchemaOf, type Json, type JsonSchema, type SkillManifest } from '@praxis/core';

/** Longest text of one schema: what is nested deeper is shortened. */
const LONGEST = 300;
/** So deep a schema is told. */
const DEEPEST = 3;

/**
 * A skill as a line of a prompt, as one would declare a function: what it takes, what it gives, what it does.
 *
 * @example `remind(customer: string, tone?: "friendly" | "firm") -> {sent: boolean}  sends a reminder (cannot be undone)`
 */
export function signatureLine(skill: SkillManifest): string {
  const schema = inputSchemaOf(skill);
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly Json[]) : [];
  const properties = Object.entries((schema['properties'] ?? {}) as { readonly [name: string]: Json });
  const taken = properties.map(([name, part]) => `${name}${required.includes(name) ? '' : '?'}: ${shapeText(part)}`);
  const given = skill.output === undefined ? '' : ` -> ${shapeText(skill.output)}`;
  const marks = skill.effect === 'irreversible' || skill.effect === 'unknown' ? ' (cannot be undone)' : '';
  const what = `${skill.summary}${marks}`.trim();
  return `${skill.name}(${clipText(taken.join(', '), 3 * LONGEST)})${given}${what === '' ? '' : `  ${what}`}`;
}

/** A JSON Schema in a few words: `[{id: string, customer: string}]`. */
export const shapeText = (schema: Json): string => clipText(shape(schema, 0), LONGEST);

function shape(schema: Json, depth: number): string {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return 'any';
  return oneOfShape(schema as JsonSchema, depth) ?? partsShape(schema as JsonSchema, depth);
}

/** A schema of alternatives; null where it is none. */
function oneOfShape({ enum: values, const: only, anyOf, oneOf, type }: JsonSchema, depth: number): string | null {
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(values)) return values.map((v: Json) => JSON.stringify(v)).join(' | ');
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return [...new Set(choices.map((c: Json) => shape(c, depth)))].join(' | ');
  return Array.isArray(type) ? type.join(' | ') : null;
}

function partsShape({ type, items, properties }: JsonSchema, depth: number): string {
  if (type === 'array') return `[${items === undefined || depth === DEEPEST ? 'any' : shape(items, depth + 1)}]`;
  if (typeof properties !== 'object' || properties === null) return typeof type === 'string' ? type : 'any';
  if (depth === DEEPEST) return '{…}';
  return `{${Object.entries(properties)
    .map(([name, part]) => `${name}: ${shape(part as Json, depth + 1)}`)
    .join(', ')}}`;
}
