import { Liquid, type Template } from 'liquidjs';
import { isArtifactRef, type Json, type Outputs } from '@praxis/core';
import { lookUp, type Reference } from './reference.js';
import { scopeOf } from './scope.js';

/** The filters that a text may use. All of them give the same for the same values, at any time and on any machine. */
export const FILTERS = [
  ...['default', 'json', 'join', 'first', 'last', 'size', 'reverse', 'sort', 'uniq', 'map', 'where', 'compact', 'sum'],
  ...['slice', 'split', 'append', 'prepend', 'replace', 'remove', 'strip', 'upcase', 'downcase', 'capitalize'],
  ...['truncate', 'escape', 'url_encode', 'abs', 'ceil', 'floor', 'round', 'plus', 'minus', 'times', 'divided_by'],
  'modulo',
] as const;

/**
 * Loops are left out, so that the time a text takes is bounded by its length: a limit in milliseconds would end the same
 * text on one machine and not on another.
 */
const TAGS: ReadonlySet<string> = new Set(['if', 'unless', 'case', 'raw', 'comment', '#']);

/** Characters of a text, and of what it renders to. */
const MOST_TEXT = 100_000;
const MOST_RENDERED = 1_000_000;
/** Texts whose parsed form is kept. */
const MOST_PARSED = 500;

const liquid = makeEngine();
const parsed = new Map<string, Parsed>();

interface Parsed {
  readonly templates: Template[];
  /** What it refers to, as far as the path is written out. */
  readonly references: readonly Reference[];
  /** It says itself what happens where something is missing, by `if` or `default`. */
  readonly isLenient: boolean;
}

function makeEngine(): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    lenientIf: true,
    parseLimit: MOST_TEXT,
    memoryLimit: 2 * MOST_RENDERED,
    // No file can be included, whatever a tag says.
    templates: {},
    outputEscape: textOf,
  });
  const kept: ReadonlySet<string> = new Set(FILTERS);
  for (const name of Object.keys(engine.filters)) if (!kept.has(name)) delete engine.filters[name];
  for (const name of Object.keys(engine.tags)) if (!TAGS.has(name)) delete engine.tags[name];
  return engine;
}

/** A value as a text shows it: a file by its name, lists and objects as JSON. */
function textOf(value: unknown): string {
  if (isArtifactRef(value)) return value.name;
  if (value !== null && typeof value === 'object') return JSON.stringify(value);
  return value === null || value === undefined ? '' : String(value as string | number | boolean);
}

/** Whether a text holds anything to fill in. */
export const isTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%');

/** The names that a text refers to; fails with the reason where it cannot be parsed. */
export function namesInTemplate(text: string): readonly string[] {
  return [...new Set(parse(text).references.map((r) => r.name))];
}

/** All references of a text whose path is written out. */
export const referencesInTemplate = (text: string): readonly Reference[] => parse(text).references;

/** Fills a text in, or says why that is not possible. */
export function renderTemplate(
  text: string,
  outputs: Outputs,
): { readonly value: Json } | { readonly missing: string } {
  try {
    const { templates, references, isLenient } = parse(text);
    const lost = isLenient ? null : firstMissing(outputs, references);
    if (lost !== null) return { missing: lost };
    const names = references.map((r) => r.name);
    const rendered: unknown = liquid.renderSync(templates, scopeOf(outputs, names));
    const value = String(rendered);
    if (value.length > MOST_RENDERED) return { missing: `the text grows beyond ${MOST_RENDERED} characters` };
    return { value };
  } catch (error) {
    return { missing: firstMissing(outputs, referencesOf(text)) ?? problemOf(error) };
  }
}

function firstMissing(outputs: Outputs, references: readonly Reference[]): string | null {
  for (const reference of references) {
    const found = lookUp(outputs, reference);
    if ('missing' in found) return found.missing;
  }
  return null;
}

function referencesOf(text: string): readonly Reference[] {
  try {
    return parse(text).references;
  } catch {
    return [];
  }
}

/** What is wrong with a text that cannot be parsed; null where nothing is. */
export function templateProblem(text: string): string | null {
  try {
    parse(text);
    return null;
  } catch (error) {
    return problemOf(error);
  }
}

const problemOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .split('\n', 1)[0]!
    .replace(/, line:(\d+), col:(\d+)/, ' (line $1, column $2)');

function parse(text: string): Parsed {
  const known = parsed.get(text);
  if (known) return known;
  const templates = liquid.parse(text);
  const made: Parsed = {
    templates,
    references: liquid.globalVariableSegmentsSync(templates).map(toReference),
    isLenient: text.includes('{%') || /\|\s*default\b/.test(text),
  };
  // The oldest goes first; a text that is used again is parsed again.
  if (parsed.size >= MOST_PARSED) parsed.delete(parsed.keys().next().value!);
  parsed.set(text, made);
  return made;
}

/** The written part of a path: what is in brackets and a variable itself is known only when it is rendered. */
function toReference(segments: readonly unknown[]): Reference {
  const end = segments.findIndex((s) => typeof s === 'object');
  const [name, ...path] = (end < 0 ? segments : segments.slice(0, end)) as readonly (string | number)[];
  return { name: String(name), path };
}
