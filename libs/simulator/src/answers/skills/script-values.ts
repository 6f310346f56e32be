import { canonical, type Json } from '@praxis/core';
import type { EarlierCall } from './history.js';
import { isObject } from './offers.js';

/** What the arguments of a script's rule may speak of. */
export interface ScriptScope {
  /** What `when` found. */
  readonly match: RegExpExecArray | null;
  readonly calls: readonly EarlierCall[];
}

const HOLE = /\{\{\s*([^{}]+?)\s*\}\}/g;
const WHOLE = /^\{\{\s*([^{}]+?)\s*\}\}$/;
/** So many values are made of one rule. */
const MOST = 2_000;

/**
 * The values that a template can have: one, several where a path has `[*]`, none where something in it is not there.
 *
 * script-values.1 A text that is one hole has the value and the type of what it names; a hole inside a text is put in
 *                 as text.
 * script-values.2 `{{ 1 }}` and `{{ name }}` are groups of `when`; `{{ result.path }}` is of the newest result,
 *                 `{{ results.SKILL.path }}` of the newest result of that skill; a path has fields, `[n]` and `[*]`.
 */
export function templateValues(template: Json, scope: ScriptScope): readonly Json[] {
  if (typeof template === 'string') return textValues(template, scope);
  if (Array.isArray(template)) return product(template as readonly Json[], scope);
  if (!isObject(template)) return [template];
  const keys = Object.keys(template);
  return product(Object.values(template), scope).map((values) =>
    Object.fromEntries(keys.map((key, i) => [key, (values as readonly Json[])[i]!])),
  );
}

function product(templates: readonly Json[], scope: ScriptScope): readonly Json[][] {
  let rows: Json[][] = [[]];
  for (const template of templates) {
    const values = templateValues(template, scope);
    rows = rows.flatMap((row) => values.map((value) => [...row, value])).slice(0, MOST);
  }
  return rows;
}

function textValues(text: string, scope: ScriptScope): readonly Json[] {
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined) return holeValues(whole, scope);
  let texts: readonly string[] = [''];
  let at = 0;
  for (const hole of text.matchAll(HOLE)) {
    const before = text.slice(at, hole.index);
    const values = holeValues(hole[1]!, scope);
    texts = texts.flatMap((start) => values.map((value) => `${start}${before}${inText(value)}`)).slice(0, MOST);
    at = hole.index + hole[0].length;
  }
  return texts.map((start) => `${start}${text.slice(at)}`);
}

const inText = (value: Json): string => (typeof value === 'string' ? value : canonical(value));

function holeValues(hole: string, { match, calls }: ScriptScope): readonly Json[] {
  const group = /^\d+$/.test(hole) ? match?.[Number(hole)] : match?.groups?.[hole];
  if (group !== undefined) return [group];
  const done = calls.filter(({ result }) => result !== null);
  if (hole === 'result' || /^result[.[]/.test(hole)) return at(done.at(-1)?.result, hole.slice('result'.length));
  if (!hole.startsWith('results.')) return [];
  const rest = hole.slice('results.'.length);
  // Names of skills may have dots of their own: the longest that was called counts.
  const named = done
    .filter(({ name }) => rest === name || rest.startsWith(`${name}.`) || rest.startsWith(`${name}[`))
    .toSorted((a, b) => a.name.length - b.name.length)
    .at(-1);
  return named === undefined ? [] : at(named.result, rest.slice(named.name.length));
}

const PART = /\.?([^.[\]]+)|\[(\d+|\*)\]/gy;

/** The values at a path, such as `.invoices[*].id`. */
function at(value: Json | undefined, path: string): readonly Json[] {
  let found: readonly Json[] = value === undefined ? [] : [value];
  for (const [, field, index] of path.matchAll(PART))
    found = found.flatMap((one) => {
      if (index === '*') return Array.isArray(one) ? (one as readonly Json[]) : [];
      if (index !== undefined || Array.isArray(one)) {
        const entry = Array.isArray(one) ? (one as readonly Json[])[Number(index ?? field)] : undefined;
        return entry === undefined ? [] : [entry];
      }
      const part = isObject(one) ? one[field!] : undefined;
      return part === undefined ? [] : [part];
    });
  return found;
}
