import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Json, JsonSchema } from '@praxis/core';
import { readPythonCall } from './python-call.js';

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/bfcl', import.meta.url));

/** Whether the published catalogues of functions lie beside the project. */
export const hasPublishedFunctions = existsSync(FOLDER);
export const NEEDS_PUBLISHED_FUNCTIONS = 'skipped where ../shared/data/bfcl is missing';

/** A function of a catalogue, with its schemas in the words of JSON Schema. */
export interface PublishedFunction {
  readonly name: string;
  readonly summary: string;
  readonly parameters: JsonSchema;
  readonly response: JsonSchema;
}
/** A call that a task of the catalogue's makers takes. */
export interface PublishedCall {
  readonly name: string;
  readonly args: Readonly<Record<string, Json>>;
}

/** All functions of all catalogues. */
export function publishedFunctions(): readonly PublishedFunction[] {
  const lines = readdirSync(`${FOLDER}/func_doc`).flatMap((file) =>
    readFileSync(`${FOLDER}/func_doc/${file}`, 'utf8').split('\n'),
  );
  const documents = lines
    .filter((line) => line.trim() !== '')
    .map(
      (line) => JSON.parse(line) as { name: string; description: string; parameters: Json; response: Json | undefined },
    );
  return documents.map(({ name, description, parameters, response = {} }) => ({
    ...{ name, summary: description },
    parameters: jsonSchemaOf(parameters) as JsonSchema,
    response: jsonSchemaOf(response) as JsonSchema,
  }));
}

/** The calls of all tasks, in order. */
export function publishedCalls(): readonly PublishedCall[] {
  const functions = new Map(publishedFunctions().map((f) => [f.name, f]));
  const { tasks } = JSON.parse(readFileSync(`${FOLDER}/multi_turn_base.json`, 'utf8')) as {
    readonly tasks: readonly { readonly ground_truth: readonly (readonly string[])[] }[];
  };
  return tasks
    .flatMap(({ ground_truth }) => ground_truth.flat())
    .map((text) => {
      const { name, positional, named } = readPythonCall(text);
      const names = Object.keys((functions.get(name)?.parameters['properties'] ?? {}) as object);
      return { name, args: { ...Object.fromEntries(positional.map((value, i) => [names[i]!, value])), ...named } };
    });
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ dict: 'object', float: 'number', tuple: 'array', list: 'array', str: 'string', int: 'integer', bool: 'boolean' },
};

/** A schema in the words of JSON Schema: the catalogues have Python's names of types, and its None as a text. */
export function jsonSchemaOf(value: Json): Json {
  if (Array.isArray(value)) return value.map((part: Json) => jsonSchemaOf(part));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]: [string, Json]) => {
      if (key === 'default' && part === 'None') return [];
      if (key === 'type' && part === 'any') return [];
      if (key === 'type' && typeof part === 'string') return [[key, TYPES[part] ?? part]];
      return [[key, key === 'default' || key === 'enum' ? part : jsonSchemaOf(part)]];
    }),
  );
}

/** The least value with all fields that fits a schema of a catalogue. */
export function sampleOf({ type, properties = {}, items = {}, enum: values }: JsonSchema): Json {
  if (Array.isArray(values)) return values[0] as Json;
  const samples: Readonly<Record<string, () => Json>> = {
    string: () => 'text',
    number: () => 1.5,
    integer: () => 2,
    boolean: () => true,
    array: () => [sampleOf(items as JsonSchema)],
    object: () =>
      Object.fromEntries(Object.entries(properties as object).map(([k, v]) => [k, sampleOf(v as JsonSchema)])),
  };
  return samples[String(type)]?.() ?? null;
}
