import { canonical, type Json, type JsonSchema } from '@praxis/core';
import type { History } from './history.js';
import { isObject, type Offer } from './offers.js';

type Args = { readonly [key: string]: Json };

/** Where it may be left out it is given all the same when a file is spoken of. */
const FILE = 'file';
/** So many calls of one skill are thought of at a time: a list of a thousand is worked through from its beginning. */
const COMBINATIONS = 2_000;
/** Values deeper inside a result than this are not looked for. */
const DEEPEST = 8;

/**
 * The calls of a skill that a conversation gives the arguments for, likeliest first: required arguments from what is
 * fixed by the schema, from results of earlier calls, or from the words of the request; optional ones only where the
 * request says `name=value`, or names a file. Where a result holds a list, there is a call for each of its entries. None: an argument
 * cannot be filled.
 */
export function fillArguments({ input }: Offer, history: History): readonly Args[] {
  const required = Array.isArray(input['required']) ? (input['required'] as readonly Json[]) : [];
  let combinations: readonly Args[] = [{}];
  for (const [name, schema] of Object.entries(propertiesOf(input))) {
    const values =
      required.includes(name) || name === FILE
        ? candidates(name, resolved(schema, input), history)
        : saidValues(name, resolved(schema, input), history.request);
    if (values.length === 0 && !required.includes(name)) continue;
    combinations = combinations
      .flatMap((args) => values.map((value) => ({ ...args, [name]: value })))
      .slice(0, COMBINATIONS);
  }
  return combinations;
}

function candidates(name: string, schema: JsonSchema, history: History): readonly Json[] {
  if (schema['const'] !== undefined) return [schema['const']];
  if (Array.isArray(schema['enum'])) return enumValues(schema['enum'] as readonly Json[], history.request);
  const found = [
    () => saidValues(name, schema, history.request),
    () => resultValues(name, schema, history),
    () => (schema['default'] === undefined ? [] : [schema['default']]),
    () => textValues(name, schema, history.request),
  ];
  for (const values of found) {
    const fitting = values().filter((value) => fits(value, schema));
    if (fitting.length > 0) return distinct(fitting);
  }
  return [];
}

/** The values of an enum that the request speaks of; the only one, where there is one. */
function enumValues(values: readonly Json[], request: string): readonly Json[] {
  if (values.length === 1) return values;
  const words = plain(request);
  return values.filter((value) => words.includes(plain(String(value)))).slice(0, 1);
}

/** `name=value` and `name: value`. */
function saidValues(name: string, schema: JsonSchema, request: string): readonly Json[] {
  const spelled = name.replace(/[^\p{L}\p{N}]/gu, '[-_ ]?');
  const said = new RegExp(`(?:^|[\\s(,;])${spelled}\\s*[=:]\\s*("[^"]*"|[^\\s,;)]+)`, 'iu').exec(request)?.[1];
  if (said === undefined) return [];
  return [typed(said.replace(/^"|"$/g, ''), schema)].filter((value) => fits(value, schema));
}

/** Values of results under this name, or of entries of a list that the name is about; the newest results first. */
function resultValues(name: string, schema: JsonSchema, { calls }: History): readonly Json[] {
  return calls
    .toReversed()
    .flatMap(({ result }) => valuesUnder(name, result, '', 0))
    .filter((value) => fits(value, schema));
}

/** `place`: the name of what holds the value, such as `invoices`, so that `invoice_id` finds the `id` of its entries. */
function valuesUnder(name: string, value: Json, place: string, depth: number): readonly Json[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((entry: Json) => valuesUnder(name, entry, place, depth + 1));
  if (!isObject(value)) return place !== '' && names(place, name) ? [value] : [];
  const own = Object.entries(value).filter(
    ([key]) => plain(key) === plain(name) || (place !== '' && names(place, name, key)),
  );
  if (own.length > 0) return own.map(([, part]) => part);
  return Object.entries(value).flatMap(([key, part]) => valuesUnder(name, part, key, depth + 1));
}

/** Whether an argument is named after what a list holds, such as `invoice` or `invoice_id` after `invoices` (`id`). */
function names(place: string, name: string, key = ''): boolean {
  const one = singular(plain(place));
  return [one, `${one}id`, `${one}name`].includes(plain(name)) && ['', 'id', 'name'].includes(plain(key));
}

const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/(ss|us|is)$|s$/, '$1');

/** An address without the signs that end its sentence. */
const URL_TEXT = /https?:\/\/[^\s"'<>)]*[^\s"'<>).,;:!?]/gi;

const TEXTS: readonly (readonly [name: RegExp, text: RegExp])[] = [
  [/ur[il]|link|address|page|site/i, URL_TEXT],
  [/mail/i, /[\w.+-]+@[\w-]+\.[\w.-]+/g],
  [/path|file|name|source|input|csv|table/i, /(?:[\w-]+\/)*[\w-]+\.[a-z][a-z0-9]{1,4}\b/gi],
  [/date|day|since|until|from|to/i, /\d{4}-\d{2}-\d{2}/g],
  [/id$|number|code|key/i, /\b[A-Z]*[-#]?\d[\w-]*\b/gi],
];

/** Values that the words of the request give, by the kind of the argument. */
function textValues(name: string, schema: JsonSchema, request: string): readonly Json[] {
  const { type } = schema;
  if (type === 'number' || type === 'integer')
    return (withoutUrls(request).match(/-?\d+(?:\.\d+)?/g) ?? []).slice(0, 1).map(Number);
  if (type === 'array') {
    const items = isObject(schema['items']) ? (schema['items'] as JsonSchema) : {};
    const values = textValues(singular(name), { type: 'string', ...items }, request);
    return values.length === 0 ? [] : [values];
  }
  return type === 'string' ? wordValues(name, request) : [];
}

/** What stands inside an address is no path and no number. */
const withoutUrls = (request: string): string => request.replace(URL_TEXT, ' ');

function wordValues(name: string, request: string): readonly Json[] {
  for (const [pattern, text] of TEXTS) {
    const found = pattern.test(name) ? (text === URL_TEXT ? request : withoutUrls(request)).match(text) : null;
    if (found !== null) return found.slice(0, 1);
  }
  const quoted = /"([^"]+)"|“([^”]+)”|`([^`]+)`/
    .exec(request)
    ?.slice(1)
    .find((part) => part !== undefined);
  if (quoted !== undefined) return [quoted];
  // What wants words gets the words of the request.
  const wantsWords = /text|query|question|message|note|request|prompt|description|what/i.test(name);
  return wantsWords && request !== '' ? [request] : [];
}

function typed(text: string, { type }: JsonSchema): Json {
  if ((type === 'number' || type === 'integer') && text.trim() !== '') return Number(text);
  return type === 'boolean' ? text === 'true' : text;
}

/** Whether a value has a type that the schema names. */
function fits(value: Json, schema: JsonSchema): boolean {
  if (Array.isArray(schema['enum'])) return (schema['enum'] as readonly Json[]).includes(value);
  const types = [schema['type'] ?? []].flat();
  return types.length === 0 || types.some((type) => hasType(value, type as Json));
}

function hasType(value: Json, type: Json): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'null') return value === null;
  return typeof value === type && (typeof value !== 'number' || Number.isFinite(value));
}

function resolved(schema: Json, root: JsonSchema): JsonSchema {
  if (!isObject(schema)) return {};
  // Of alternatives, the one that words can give.
  const text = Array.isArray(schema['anyOf'])
    ? (schema['anyOf'] as readonly Json[]).find((part) => isObject(part) && part['type'] === 'string')
    : undefined;
  if (text !== undefined) return { ...schema, ...(text as JsonSchema) };
  const { $ref } = schema;
  const name = typeof $ref === 'string' ? /([^/]+)$/.exec($ref)?.[1] : undefined;
  const defs = root['$defs'];
  return name !== undefined && isObject(defs) && isObject(defs[name]) ? defs[name] : schema;
}

function propertiesOf({ properties }: JsonSchema): { readonly [key: string]: Json } {
  return isObject(properties) ? properties : {};
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function distinct(values: readonly Json[]): readonly Json[] {
  return [...new Map(values.map((value) => [canonical(value), value])).values()];
}
