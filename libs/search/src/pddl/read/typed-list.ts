import type { TypedName } from '../ast.js';
import { itemOf, listOf, nameOf, symbolOf, variableOf } from './expect.js';
import type { Form, ListForm, SymbolForm } from './form.js';
import { suggestion } from '../types/nearest.js';
import type { Source } from '../source.js';
import type { TypeHierarchy } from '../types/type-hierarchy.js';

/** A type where it is named in the text. */
export interface TypeMention {
  readonly name: string;
  readonly at: number;
}

/** One entry of `a b - t c`; `types` is null where none is written. */
export interface TypedEntry {
  readonly form: Form;
  readonly types: readonly TypeMention[] | null;
}

/** Is told of a dash with no name before it; `afterType` says whether it stands directly behind a type. */
export type EmptyRun = (dash: SymbolForm, afterType: boolean) => void;

/**
 * Splits a list such as `a b - t c` into entries; what the entries are is for the caller. A type without names before
 * it, as generators of problems write it, has no entry.
 */
export function splitTypedList(source: Source, list: ListForm, from: number, onEmptyRun?: EmptyRun): TypedEntry[] {
  const entries: TypedEntry[] = [];
  const items = separated(source, list.items.slice(from));
  let waiting: Form[] = [];
  for (let index = 0; index < items.length; index += 1) {
    const form = items[index]!;
    if (form.kind !== 'symbol' || form.text !== '-') {
      waiting.push(form);
      continue;
    }
    if (waiting.length === 0) onEmptyRun?.(form, index > 0);
    index += 1;
    const types = readTypes(source, itemOf(source, { ...list, items }, index, 'a type after "-"'));
    for (const entry of waiting) entries.push({ form: entry, types });
    waiting = [];
  }
  for (const entry of waiting) entries.push({ form: entry, types: null });
  return entries;
}

/** Dashes of other kinds, which word processors put in the place of a hyphen. */
const OTHER_DASH = /^[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/;

/** The items with a dash of its own where it is glued to the word beside it: `?x -t`, `?x- t`. */
function separated(source: Source, items: readonly Form[]): readonly Form[] {
  const result: Form[] = [];
  for (const [index, form] of items.entries()) {
    if (form.kind === 'symbol' && OTHER_DASH.test(form.text)) {
      throw source.error(form.at, `found "${form.text}", which is not a hyphen; write "-" before a type`);
    }
    result.push(...glued(form, result.at(-1), items[index + 1]));
  }
  return result;
}

function glued(form: Form, before: Form | undefined, after: Form | undefined): readonly Form[] {
  if (form.kind !== 'symbol') return [form];
  const { text, at } = form;
  if (before !== undefined && beginsWithDash(text, before)) {
    return [dash(at), { kind: 'symbol', text: text.slice(1), at: at + 1 }];
  }
  if (after !== undefined && endsWithDash(text, after)) {
    return [{ kind: 'symbol', text: text.slice(0, -1), at }, dash(at + text.length - 1)];
  }
  return [form];
}

/** `-pier` behind a name; an object, unlike a variable, may have another called -1 behind it. */
function beginsWithDash(text: string, before: Form): boolean {
  if (!text.startsWith('-') || text.length === 1 || isDash(before)) return false;
  return isVariable(before) || !/^-[\d.]/.test(text);
}

/** `?x-` before a type. */
function endsWithDash(text: string, after: Form): boolean {
  return text.startsWith('?') && text.length > 2 && text.endsWith('-') && !isVariable(after) && !isDash(after);
}

function dash(at: number): SymbolForm {
  return { kind: 'symbol', text: '-', at };
}

function isDash(form: Form): boolean {
  return form.kind === 'symbol' && form.text === '-';
}

function isVariable(form: Form): boolean {
  return form.kind === 'symbol' && form.text.startsWith('?');
}

function readTypes(source: Source, form: Form): TypeMention[] {
  if (form.kind === 'symbol') return [{ name: nameOf(source, form, 'a type'), at: form.at }];
  const head = symbolOf(source, itemOf(source, form, 0, '"either"'), '"either"');
  if (head.text !== 'either') throw source.error(head.at, `found "${head.text}", expected "either"`);
  itemOf(source, form, 1, 'a type');
  return form.items.slice(1).map((type) => ({ name: nameOf(source, type, 'a type'), at: type.at }));
}

/** The names of an entry's types, each checked; untyped means `object`. */
export function typesOf(source: Source, entry: TypedEntry, types: TypeHierarchy): readonly string[] {
  if (entry.types === null) return ['object'];
  for (const { name, at } of entry.types) {
    if (!types.has(name)) throw source.error(at, `unknown type \`${name}\`${suggestion(name, types.types.keys())}`);
  }
  return [...new Set(entry.types.map(({ name }) => name))];
}

/** Reads `(?x ?y - t)`; a variable may stand only once in a list. */
export function readVariables(source: Source, form: Form, types: TypeHierarchy): TypedName[] {
  const variables = parametersFrom(source, listOf(source, form, 'variables'), 0, types);
  const seen = new Set<string>();
  for (const { name, at } of variables) {
    if (seen.has(name)) throw source.error(at, `\`${name}\` stands twice in this list; give each a name of its own`);
    seen.add(name);
  }
  return variables.map(({ name, types }) => ({ name, types }));
}

/** A typed name with its place in the text. */
interface PlacedName extends TypedName {
  readonly at: number;
}

/**
 * The parameters of a declaration from an index on, as in `(at ?x - thing ?y)`. Their number and types count; a name
 * may stand twice, since nothing refers to it.
 */
export function parametersFrom(source: Source, list: ListForm, from: number, types: TypeHierarchy): PlacedName[] {
  return splitTypedList(source, list, from, ({ at }) =>
    source.warn(at, 'no name stands before this "-"; the type behind it is left out'),
  ).map((entry) => ({ name: variableOf(source, entry.form), types: typesOf(source, entry, types), at: entry.form.at }));
}

/** Where a domain declares no types, those of the objects mean nothing to it. */
function objectTypes(source: Source, entry: TypedEntry, types: TypeHierarchy): readonly string[] {
  const unknown = types.types.size > 1 ? undefined : entry.types?.find(({ name }) => !types.has(name));
  if (unknown === undefined) return typesOf(source, entry, types);
  source.warn(unknown.at, `the domain declares no types, so the type \`${unknown.name}\` is left out`);
  return ['object'];
}

/** Reads objects or constants. One that is listed several times is of all the types it is listed with. */
export function readObjects(source: Source, list: ListForm, types: TypeHierarchy): PlacedName[] {
  const objects = new Map<string, PlacedName>();
  for (const entry of splitTypedList(source, list, 1)) {
    const name = nameOf(source, entry.form, 'the name of an object');
    const own = objectTypes(source, entry, types);
    const before = objects.get(name);
    if (before === undefined) {
      objects.set(name, { name, types: own, at: entry.form.at });
      continue;
    }
    const all = types.narrowest([...before.types, ...own]);
    source.warn(entry.form.at, `\`${name}\` is listed a second time; it is one object of type ${all.join(' and ')}`);
    objects.set(name, { ...before, types: all });
  }
  return [...objects.values()];
}
