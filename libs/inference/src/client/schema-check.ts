import { canonical, PraxisError, type Json, type JsonSchema } from '@praxis/core';
import { nearestName } from '../tool-calls/nearest-name.js';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

/**
 * Compiled schemas that are kept; a run asks for a handful of kinds, but the enum of legal actions changes with each
 * step.
 */
const KEPT = 256;
/** Faults that are told at a time: a model mends the first ones or none. */
const TOLD = 5;
const LONGEST_FAULT = 2000;

/**
 * Checks JSON against schemas of draft 2020-12, compiled once for equal schemas. Formats are notes, as the draft has
 * it.
 *
 * The lists of texts that fields are taken from, such as the legal actions, differ at every step: they are compared
 * here, and the rest of the schema is compiled once for all steps.
 */
export class SchemaCheck {
  readonly #compiled = new Map<string, ValidateFunction>();
  /** Made at the first schema: to make one takes 50 ms. */
  #ajv: Ajv2020 | null = null;
  #turns = 0;

  /**
   * What does not fit, as sentences for the one who made it; empty where all fits. A schema that is none is `invalid`.
   */
  faults(schema: JsonSchema, value: Json): readonly string[] {
    const { rest, lists } = withoutLists(schema);
    const validate = this.#validator(rest);
    const errors = validate(value) ? [] : (validate.errors ?? []);
    const faults = [...errors.map(faultText), ...lists.flatMap(([field, texts]) => listFault(field, texts, value))];
    return faults.slice(0, TOLD).map(plain);
  }

  /** Why a schema can check nothing; null where it can. */
  problem(schema: JsonSchema): string | null {
    try {
      this.#validator(withoutLists(schema).rest);
      return null;
    } catch (thrown) {
      return PraxisError.from(thrown).message;
    }
  }

  #validator(schema: JsonSchema): ValidateFunction {
    const key = canonical(schema);
    const made = this.#compiled.get(key) ?? this.#compile(schema);
    this.#compiled.delete(key);
    this.#compiled.set(key, made);
    if (this.#compiled.size > KEPT) this.#compiled.delete(this.#compiled.keys().next().value!);
    return made;
  }

  #compile(schema: JsonSchema): ValidateFunction {
    // An instance never forgets all of what it compiled, and costs 50 ms: each has its turn.
    if (this.#turns === KEPT) [this.#ajv, this.#turns] = [null, 0];
    this.#turns += 1;
    const ajv = (this.#ajv ??= newAjv());
    try {
      const made = ajv.compile(schema);
      ajv.removeSchema(schema);
      return made;
    } catch (cause) {
      throw new PraxisError(
        'invalid',
        `A schema for models is no JSON Schema of draft 2020-12: ${cause instanceof Error ? cause.message : String(cause)}. Mend the schema of the tool or answer.`,
        { cause },
      );
    }
  }
}

/** The one of this process: what one part has compiled, the others need not. */
export const schemaCheck = new SchemaCheck();

type Lists = readonly (readonly [field: string, texts: readonly Json[]])[];

/** The schema with its fields' lists of texts taken out of it; any text will do for what is left. */
function withoutLists(schema: JsonSchema): { readonly rest: JsonSchema; readonly lists: Lists } {
  const { properties } = schema;
  if (schema.type !== 'object' || !isObject(properties)) return { rest: schema, lists: [] };
  const lists = Object.entries(properties).flatMap(([field, of]) =>
    isListOfTexts(of) ? [[field, of.enum] as const] : [],
  );
  if (lists.length === 0) return { rest: schema, lists };
  const rest = {
    ...schema,
    properties: { ...properties, ...Object.fromEntries(lists.map(([field]) => [field, { type: 'string' }])) },
  };
  // A part that names another by where it stands would find it changed.
  return /\$(r|dynamicR)ef"/.test(JSON.stringify(rest)) ? { rest: schema, lists: [] } : { rest, lists };
}

/** A text that is none of the list; that it is no text at all, the rest of the schema says. */
function listFault(field: string, texts: readonly Json[], value: Json): readonly string[] {
  const said = isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  return typeof said !== 'string' || texts.includes(said) ? [] : [`\`${field}\` must be one of ${shortList(texts)}`];
}

/** Exactly that: any other word beside it is left to the compiler. */
const isListOfTexts = (of: Json | undefined): of is { readonly type: 'string'; readonly enum: readonly string[] } =>
  isObject(of) &&
  Object.keys(of).length === 2 &&
  of.type === 'string' &&
  Array.isArray(of.enum) &&
  of.enum.length > 0 &&
  of.enum.every((text) => typeof text === 'string');
const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const newAjv = (): Ajv2020 =>
  new Ajv2020({
    allErrors: true,
    strict: false,
    validateFormats: false,
    logger: false,
    addUsedSchema: false,
    verbose: true,
  });

/** Names of fields are the model's own words: one short line of them goes back to it. */
const plain = (fault: string): string => fault.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, LONGEST_FAULT);

function faultText({ instancePath, keyword, params, parentSchema, message = 'does not fit' }: ErrorObject): string {
  const at = instancePath === '' ? 'the value' : `\`${instancePath.slice(1).replaceAll('/', '.')}\``;
  if (keyword === 'enum')
    return `${at} must be one of ${shortList((params as { readonly allowedValues: readonly Json[] }).allowedValues)}`;
  if (keyword === 'const')
    return `${at} must be ${JSON.stringify((params as { readonly allowedValue: Json }).allowedValue)}`;
  if (keyword === 'additionalProperties') {
    const { additionalProperty: extra } = params as { readonly additionalProperty: string };
    const near = nearestName(extra, Object.keys((parentSchema?.['properties'] as object | undefined) ?? {}));
    return `${at} must have no field \`${extra}\`${near === null ? '' : ` (did you mean \`${near}\`?)`}`;
  }
  if (keyword === 'required')
    return `${at} lacks the field \`${(params as { readonly missingProperty: string }).missingProperty}\``;
  return `${at} ${message}`;
}

/** So many allowed values are named; the model has the others in its prompt. */
const NAMED = 40;

function shortList(values: readonly Json[]): string {
  const named = values
    .slice(0, NAMED)
    .map((v) => JSON.stringify(v))
    .join(', ');
  return values.length > NAMED ? `${named} and ${values.length - NAMED} more` : named;
}
