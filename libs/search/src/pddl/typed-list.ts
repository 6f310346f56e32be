import type { TypedName } from './ast.js';
import { itemOf, listOf, nameOf, symbolOf, variableOf } from './expect.js';
import type { Form, ListForm } from './form.js';
import { suggestion } from './nearest.js';
import type { Source } from './source.js';
import type { TypeTree } from './type-tree.js';

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

/** Splits a list such as `a b - t c` into entries; what the entries are is for the caller. */
export function splitTypedList(source: Source, list: ListForm, from: number): TypedEntry[] {
  const entries: TypedEntry[] = [];
  let waiting: Form[] = [];
  for (let index = from; index < list.items.length; index += 1) {
    const form = list.items[index]!;
    if (form.kind !== 'symbol' || form.text !== '-') {
      waiting.push(form);
      continue;
    }
    if (waiting.length === 0) throw source.error(form.at, 'found "-", expected a name before it');
    index += 1;
    const types = readTypes(source, itemOf(source, list, index, 'a type after "-"'));
    for (const entry of waiting) entries.push({ form: entry, types });
    waiting = [];
  }
  for (const entry of waiting) entries.push({ form: entry, types: null });
  return entries;
}

function readTypes(source: Source, form: Form): TypeMention[] {
  if (form.kind === 'symbol') return [{ name: nameOf(source, form, 'a type'), at: form.at }];
  const head = symbolOf(source, itemOf(source, form, 0, '"either"'), '"either"');
  if (head.text !== 'either') throw source.error(head.at, `found "${head.text}", expected "either"`);
  itemOf(source, form, 1, 'a type');
  return form.items.slice(1).map((type) => ({ name: nameOf(source, type, 'a type'), at: type.at }));
}

/** The names of an entry's types, each checked; untyped means `object`. */
export function typesOf(source: Source, entry: TypedEntry, tree: TypeTree): readonly string[] {
  if (entry.types === null) return ['object'];
  for (const { name, at } of entry.types) {
    if (!tree.has(name)) throw source.error(at, `unknown type \`${name}\`${suggestion(name, tree.types.keys())}`);
  }
  return [...new Set(entry.types.map(({ name }) => name))];
}

/** Reads `(?x ?y - t)`; a variable may stand only once in a list. */
export function readVariables(source: Source, form: Form, tree: TypeTree): TypedName[] {
  return variablesFrom(source, listOf(source, form, 'variables'), 0, tree);
}

/** The variables of a list from an index on, as in `(at ?x - thing ?y)`. */
export function variablesFrom(source: Source, list: ListForm, from: number, tree: TypeTree): TypedName[] {
  return unique(source, splitTypedList(source, list, from), tree, (form) => variableOf(source, form));
}

/** Reads the names of objects or constants, each with its place in the text. */
export function readObjects(source: Source, list: ListForm, tree: TypeTree): TypedName[] {
  return unique(source, splitTypedList(source, list, 1), tree, (form) => nameOf(source, form, 'the name of an object'));
}

function unique(source: Source, entries: readonly TypedEntry[], tree: TypeTree, read: (form: Form) => string): TypedName[] {
  const seen = new Set<string>();
  return entries.map((entry) => {
    const name = read(entry.form);
    if (seen.has(name)) throw source.error(entry.form.at, `\`${name}\` stands twice in this list; give each a name of its own`);
    seen.add(name);
    return { name, types: typesOf(source, entry, tree) };
  });
}
