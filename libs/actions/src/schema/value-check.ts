import { canonical, type Json, type JsonSchema } from '@praxis/core';
import { suggestion } from '@praxis/search';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { admitSchema } from './admit-schema.js';
import { boundedRegExp } from './bounded-regexp.js';
import { compileInTurns } from './compile-turns.js';
import { KNOWN_FORMATS } from './known-formats.js';
import { propertiesOf } from './parameters.js';

/** A schema that is ready for use, or why it cannot be used. */
export type ValueCheck = { readonly faults: (value: Json) => readonly string[] } | { readonly problem: string };

/** Compiled schemas that are kept, by their canonical text. */
const KEPT = 1_000;

/** Faults that are told at a time: who called mends the first ones or none. */
const TOLD = 3;

const compiled = new Map<string, ValueCheck>();
const known = new WeakMap<JsonSchema, ValueCheck>();

/**
 * Checks values against a JSON Schema of draft 2020-12, which is compiled once. Each fault is a sentence that names the
 * field and says what fits.
 *
 * value-check.1 A schema that is too large, too deep or refers to another document is not compiled.
 * value-check.2 No pattern of a schema can hold up the process: matching is limited in time.
 * value-check.3 Where a schema says nothing of further arguments, an argument that it does not name is a fault.
 */
export function checkerOf(schema: JsonSchema): ValueCheck {
  const cached = known.get(schema);
  if (cached) return cached;
  const admitted = admitSchema(schema);
  const check = 'problem' in admitted ? admitted : compileOnce(admitted.schema);
  known.set(schema, check);
  return check;
}

function compileOnce(schema: JsonSchema): ValueCheck {
  const key = canonical(schema);
  const made = compiled.get(key) ?? compile(schema);
  compiled.set(key, made);
  if (compiled.size > KEPT) compiled.delete(compiled.keys().next().value!);
  return made;
}

// The vendor's type wants the source text of the engine for code that is generated ahead of time, which none is.
const regExp = Object.assign((pattern: string) => boundedRegExp(pattern), { code: 'boundedRegExp' });

function compile(schema: JsonSchema): ValueCheck {
  try {
    const validate = compileSchema(schema);
    return { faults: (value) => faultsOf(validate, value) };
  } catch (thrown) {
    return { problem: `it is no JSON Schema of draft 2020-12: ${(thrown as Error).message}` };
  }
}

const compileSchema = compileInTurns(
  () =>
    new Ajv2020({
      ...{ allErrors: true, strict: false, verbose: true, logger: false },
      formats: { ...KNOWN_FORMATS },
      code: { regExp },
    }),
);

function faultsOf(validate: ValidateFunction, value: Json): readonly string[] {
  try {
    if (validate(value)) return [];
  } catch (thrown) {
    // A schema that refers to itself without end.
    if (thrown instanceof RangeError) return ['cannot be checked: the schema refers to itself without end'];
    throw thrown;
  }
  const errors = summarised(withoutEchoes(validate.errors ?? []));
  const told = [...new Set(errors.map(faultText))];
  return told.length > TOLD ? [...told.slice(0, TOLD), `(and ${told.length - TOLD} more)`] : told;
}

/** Where an alternative does not fit, its fields count as stray besides: that says nothing more. */
function withoutEchoes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const isEcho = ({ keyword, params, parentSchema }: ErrorObject): boolean =>
    keyword === 'unevaluatedProperties' &&
    Object.hasOwn(propertiesOf((parentSchema ?? {}) as JsonSchema), String(params['unevaluatedProperty']));
  const others = errors.filter((error) => !isEcho(error));
  return others.length === 0 ? errors : others;
}

/**
 * Of alternatives, none of which fits, one fault is told: the types that fit, where it is a matter of types, otherwise
 * what is wrong furthest inside the value.
 */
function summarised(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choice = errors.find((e) => e.keyword === 'anyOf' || e.keyword === 'oneOf');
  if (!choice) return errors.filter((e) => e.keyword !== 'if');
  const inside = errors.filter((e) => e !== choice && e.schemaPath.startsWith(`${choice.schemaPath}/`));
  const others = errors.filter((e) => e !== choice && !inside.includes(e));
  if (inside.length === 0) return [choice, ...summarised(others)];
  const isHere = inside.every((e) => e.keyword === 'type' && e.instancePath === choice.instancePath);
  if (isHere) {
    const types = [...new Set(inside.flatMap((e) => (e.params as { readonly type: string }).type))];
    return [{ ...choice, keyword: 'type', params: { type: types } }, ...summarised(others)];
  }
  const depth = Math.max(...inside.map((e) => e.instancePath.length));
  const deepest = inside.filter((e) => e.instancePath.length === depth);
  const telling = deepest.find((e) => e.keyword !== 'type') ?? deepest[0]!;
  return [telling, ...summarised(others)];
}

/** `amount must be a number, found "three"`; the whole value is called `value`. */
function faultText({ instancePath, keyword, params, message, data, parentSchema }: ErrorObject): string {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const told = params as Readonly<Record<string, Json>>;
  if (keyword === 'required') return `${[...path, told.missingProperty].join('.')} is missing`;
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    const stray = String(told.additionalProperty ?? told.unevaluatedProperty);
    const names = Object.keys(propertiesOf((parentSchema ?? {}) as JsonSchema));
    const field = [...path, stray].join('.');
    // Of an alternative that does not fit.
    if (names.includes(stray)) return `${field} does not go with the other fields`;
    return `there is no ${field}${suggestion(stray, names)}`;
  }
  return `${path.join('.') || 'the value'} ${wants(keyword, told, message)}, found ${brief(data as Json)}`;
}

function wants(keyword: string, params: Readonly<Record<string, Json>>, message = 'does not fit'): string {
  switch (keyword) {
    case 'type':
      return `must be ${[params.type].flat().map(typeText).join(' or ')}`;
    case 'enum':
      return `must be one of ${(params.allowedValues as readonly Json[])
        .slice(0, 40)
        .map((v) => JSON.stringify(v))
        .join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case 'format':
      return `must be a ${String(params.format)}`;
    default:
      return message;
  }
}

function typeText(type: Json | undefined): string {
  const name = String(type);
  return name === 'null' ? 'null' : `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** So much of a value is told. */
const TELLING = 80;

function brief(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > TELLING ? `${text.slice(0, TELLING)}…` : text;
}
