import { canonical, PraxisError, type Json, type JsonSchema } from '@praxis/core';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

/** Compiled schemas that are kept; a run asks for a handful of kinds, but the enum of legal actions changes with each step. */
const KEPT = 256;
/** Faults that are told at a time: a model mends the first ones or none. */
const TOLD = 5;
const LONGEST_FAULT = 2000;

/**
 * Checks JSON against schemas of draft 2020-12, compiled once for equal schemas. Formats are notes, as the draft has it.
 */
export class SchemaCheck {
  readonly #compiled = new Map<string, ValidateFunction>();
  #ajv = newAjv();
  #turns = 0;

  /** What does not fit, as sentences for the one who made it; empty where all fits. A schema that is none is `invalid`. */
  faults(schema: JsonSchema, value: Json): readonly string[] {
    const validate = this.#validator(schema);
    if (validate(value)) return [];
    const errors = validate.errors ?? [];
    return errors.slice(0, TOLD).map((error) => plain(faultText(error)));
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
    if (this.#turns === KEPT) [this.#ajv, this.#turns] = [newAjv(), 0];
    this.#turns += 1;
    try {
      const made = this.#ajv.compile(schema);
      this.#ajv.removeSchema(schema);
      return made;
    } catch (cause) {
      throw new PraxisError('invalid', `A schema for models is no JSON Schema of draft 2020-12: ${cause instanceof Error ? cause.message : String(cause)}. Mend the schema of the tool or answer.`, { cause });
    }
  }
}

const newAjv = (): Ajv2020 => new Ajv2020({ allErrors: true, strict: false, validateFormats: false, logger: false, addUsedSchema: false });

/** Names of fields are the model's own words: one short line of them goes back to it. */
const plain = (fault: string): string => fault.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, LONGEST_FAULT);

function faultText({ instancePath, keyword, params, message = 'does not fit' }: ErrorObject): string {
  const at = instancePath === '' ? 'the value' : `\`${instancePath.slice(1).replaceAll('/', '.')}\``;
  if (keyword === 'enum') return `${at} must be one of ${shortList((params as { readonly allowedValues: readonly Json[] }).allowedValues)}`;
  if (keyword === 'const') return `${at} must be ${JSON.stringify((params as { readonly allowedValue: Json }).allowedValue)}`;
  if (keyword === 'additionalProperties') return `${at} must have no field \`${(params as { readonly additionalProperty: string }).additionalProperty}\``;
  if (keyword === 'required') return `${at} lacks the field \`${(params as { readonly missingProperty: string }).missingProperty}\``;
  return `${at} ${message}`;
}

/** So many allowed values are named; the model has the others in its prompt. */
const NAMED = 40;

function shortList(values: readonly Json[]): string {
  const named = values.slice(0, NAMED).map((v) => JSON.stringify(v)).join(', ');
  return values.length > NAMED ? `${named} and ${values.length - NAMED} more` : named;
}
