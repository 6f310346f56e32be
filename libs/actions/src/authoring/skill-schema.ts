import { PraxisError, type Json, type JsonSchema } from '@praxis/core';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { compileInTurns } from '../schema/compile-turns.js';

/** How a skill says what it takes and gives: a zod schema, or a JSON Schema of draft 2020-12. */
export type SkillSchema = z.ZodType | JsonSchema;

/** The value that a schema lets through. */
export type ValueOf<S> = S extends z.ZodType
  ? z.output<S>
  : S extends JsonSchema
    ? { readonly [name: string]: Json }
    : never;

/** What came of checking a value: the value with its defaults, or what is wrong with it. */
export type Checked = { readonly value: unknown } | { readonly fault: string };

/** A schema that is ready for use. */
export interface CompiledSchema {
  readonly json: JsonSchema;
  check(value: unknown): Promise<Checked>;
}

/** Faults that are told at a time. */
const TOLD = 5;

/** Compiles a schema; `invalid` where it is none, or holds what JSON Schema cannot say. */
export function compileSchema(schema: SkillSchema, side: 'input' | 'output', skill: string): CompiledSchema {
  return isZod(schema) ? fromZod(schema, side, skill) : fromJson(schema, side, skill);
}

/** By its mark, since a module of a user may bring its own copy of zod. */
const isZod = (schema: SkillSchema): schema is z.ZodType => '_zod' in schema;

function fromZod(schema: z.ZodType, side: 'input' | 'output', skill: string): CompiledSchema {
  const check = async (value: unknown): Promise<Checked> => {
    const parsed = await schema.safeParseAsync(value);
    return parsed.success ? { value: parsed.data } : { fault: told(parsed.error.issues.map(issueText)) };
  };
  try {
    const { $schema: _draft, ...json } = JSON.parse(
      JSON.stringify(z.toJSONSchema(schema, { io: side, target: 'draft-2020-12' })),
    ) as JsonSchema;
    return { json, check };
  } catch (cause) {
    throw unusable(skill, side, cause);
  }
}

function fromJson(json: JsonSchema, side: 'input' | 'output', skill: string): CompiledSchema {
  const validate = compileJson(json, side, skill);
  const check = async (value: unknown): Promise<Checked> => {
    const copy = structuredClone(value);
    return validate(copy) ? { value: copy } : { fault: told((validate.errors ?? []).map(errorText)) };
  };
  return { json, check };
}

function compileJson(json: JsonSchema, side: string, skill: string): ValidateFunction {
  try {
    return compileWithDefaults(json);
  } catch (cause) {
    throw unusable(skill, side, cause);
  }
}

const compileWithDefaults = compileInTurns(
  () => new Ajv2020({ allErrors: true, strict: false, useDefaults: true, validateFormats: false, logger: false }),
);

const unusable = (skill: string, side: string, cause: unknown): PraxisError =>
  new PraxisError(
    'invalid',
    `The ${side} schema of the skill ${skill} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );

const told = (faults: readonly string[]): string => [...new Set(faults)].slice(0, TOLD).join('; ');

const at = (path: readonly PropertyKey[]): string => (path.length === 0 ? '' : `\`${path.map(String).join('.')}\` `);

/** One fault in words that name the field. */
function issueText({ path, message, code, ...issue }: z.core.$ZodIssue): string {
  if (code === 'unrecognized_keys')
    return `there is no \`${(issue as { keys: readonly string[] }).keys.join('`, `')}\``;
  if (message.endsWith('received undefined')) return `${at(path)}is missing`;
  const said = message.replace(/^Invalid input: /, '').replace(/^Too (small|big): /, '');
  const plain = said.replace(/^expected \w+ to (be|have)\b/, 'must $1').replace(/^expected\b/, 'must be');
  return `${at(path)}${/^(must|is|has|cannot|may)\b/.test(plain) ? plain : `does not fit: ${plain}`}`;
}

function errorText({ instancePath, keyword, params, message = 'does not fit' }: ErrorObject): string {
  const path = instancePath.split('/').slice(1);
  if (keyword === 'required')
    return `${at([...path, (params as { readonly missingProperty: string }).missingProperty])}is missing`;
  if (keyword === 'additionalProperties')
    return `there is no \`${(params as { readonly additionalProperty: string }).additionalProperty}\``;
  const values = keyword === 'enum' ? (params as { readonly allowedValues: readonly unknown[] }).allowedValues : null;
  return `${at(path)}${message}${values === null ? '' : `: ${values.map((v) => JSON.stringify(v)).join(', ')}`}`;
}
