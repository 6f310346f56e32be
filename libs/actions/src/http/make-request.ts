import type { Json, SkillCall } from '@praxis/core';
import { isObject } from '../schema/composed-schema.js';
import type { Declaration } from './declaration.js';
import type { HttpRequest } from './exchange.js';
import { fillTemplate, placeholders } from './url-template.js';

/** A request that is ready, or why it cannot be made of these arguments. */
export type MadeRequest = HttpRequest | { readonly problem: string };

type Values = Readonly<Record<string, Json>>;
type Http = Declaration['http'];

/** The text of an argument, as paths, queries and headers carry it: of a list, its items with commas between them. */
export function textOf(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item: Json) => textOf(item)).join(',');
  return JSON.stringify(value);
}

/** The arguments as texts, with the idempotency key as `key`. */
export function textsOf({ action, key }: SkillCall): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(Object.entries(action.args).map(([name, value]) => [name, textOf(value)])), key };
}

/** Puts a call's arguments into the request that its declaration describes; `headers` have their secrets already. */
export function makeRequest(http: Http, headers: Readonly<Record<string, string>>, call: SkillCall): MadeRequest {
  const filled = fillTemplate(http.url, textsOf(call));
  if ('problem' in filled) return filled;
  const values: Values = { ...call.action.args, key: call.key };
  const placed = placesOf(http);
  const rest = Object.entries(call.action.args).filter(([name]) => !placed.has(name));
  const body = bodyOf(http, call, { values, rest });
  const { url } = filled;
  for (const [name, template] of Object.entries(http.query)) append(url, name, fillQuery(template, values));
  if (body === null) for (const [name, value] of rest) append(url, name, value);
  const own = filledHeaders(http, headers, values);
  if ('problem' in own) return own;
  return {
    method: http.method,
    url,
    headers: {
      ...own.headers,
      ...(isChange(http.method) && { 'idempotency-key': call.key }),
      ...(body !== null && { 'content-type': body.type }),
    },
    body: body?.text ?? null,
    timeoutMs: http.timeoutMs,
  };
}

const isChange = (method: string): boolean => method !== 'GET' && method !== 'HEAD';

/** The names of arguments that have a place of their own in a request. */
export function placesOf({ url, query, headers, body }: Http): ReadonlySet<string> {
  const texts = Object.values(headers).filter((value) => typeof value === 'string');
  const template = isTemplate(body) ? [body] : [];
  return new Set([url, ...texts, ...textsIn([Object.values(query), template])].flatMap(placeholders));
}

/** All texts in a value, names of fields excluded. */
export function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap((v: Json) => textsIn(v));
}

/** Whether a body is written out in the file. */
export const isTemplate = (body: Http['body']): body is Exclude<Http['body'], string | null> =>
  body !== null && typeof body === 'object';

interface Body {
  readonly text: string;
  readonly type: string;
}

/**
 * A template, the arguments that are nowhere else (`json`, `form`), or, where the file says nothing, all arguments of
 * a POST, PUT or PATCH.
 */
function bodyOf(
  { method, body }: Http,
  { action }: SkillCall,
  { values, rest }: { readonly values: Values; readonly rest: readonly (readonly [string, Json])[] },
): Body | null {
  const json = (value: Json): Body => ({ text: JSON.stringify(value), type: 'application/json' });
  if (isTemplate(body)) return json(fillJson(body as Json, values) ?? null);
  if (body === 'json') return json(Object.fromEntries(rest));
  if (body === 'none') return null;
  if (body === 'form') {
    const form = new URLSearchParams(
      rest.flatMap(([name, value]) => eachText(value).map((text): [string, string] => [name, text])),
    );
    return { text: form.toString(), type: 'application/x-www-form-urlencoded' };
  }
  return ['POST', 'PUT', 'PATCH'].includes(method) ? json({ ...action.args }) : null;
}

const eachText = (value: Json): readonly string[] =>
  Array.isArray(value) ? value.map(textOf) : [textOf(value as Json)];

/** A list is appended item by item; what was left out, and null, is not there at all. */
function append(url: URL, name: string, value: Json | undefined): void {
  if (value === undefined || value === null) return;
  for (const text of eachText(value)) url.searchParams.append(name, Buffer.from(text).toString());
}

/** A list in one parameter: `{ list: "{ids}", join: "," }` gives `ids=7,8`. */
function fillQuery(template: Json, values: Values): Json | undefined {
  if (!isJoined(template)) return fillJson(template, values);
  const list = fillJson(template.list, values);
  return Array.isArray(list) ? list.map((item: Json) => textOf(item)).join(template.join) : list;
}

const isJoined = (template: Json): template is { readonly list: string; readonly join: string } =>
  isObject(template) &&
  Object.keys(template).sort().join() === 'join,list' &&
  Object.values(template).every((part) => typeof part === 'string');

const ALONE = /^\{([A-Za-z][\w-]*)\}$/;

/**
 * A template with its values: `{name}` alone keeps the argument's type, within a text it is its text. What names an
 * argument that was left out is left out too.
 */
export function fillJson(template: Json, values: Values): Json | undefined {
  if (typeof template === 'string') return fillText(template, values);
  if (Array.isArray(template)) return template.flatMap((item: Json) => fillJson(item, values) ?? []);
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(
    Object.entries(template).flatMap(([name, inner]) => {
      const value = fillJson(inner as Json, values);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function fillText(template: string, values: Values): Json | undefined {
  const alone = ALONE.exec(template)?.[1];
  if (alone !== undefined) return Object.hasOwn(values, alone) ? values[alone] : undefined;
  if (placeholders(template).some((name) => !Object.hasOwn(values, name))) return undefined;
  return template.replace(/\{([A-Za-z][\w-]*)\}/g, (_, name: string) => textOf(values[name]!));
}

/** A secret is never a template; a header whose argument was left out is not sent. */
function filledHeaders(
  http: Http,
  headers: Readonly<Record<string, string>>,
  values: Values,
): { readonly headers: Readonly<Record<string, string>> } | { readonly problem: string } {
  const filled: [string, string][] = [];
  for (const [name, text] of Object.entries(headers)) {
    const value = typeof http.headers[name] === 'string' ? fillText(text, values) : text;
    if (value === undefined || value === null) continue;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(textOf(value)))
      return { problem: `the header ${name} cannot hold a line break, a control character or a letter beyond Latin-1` };
    filled.push([name, textOf(value)]);
  }
  return { headers: Object.fromEntries(filled) };
}
