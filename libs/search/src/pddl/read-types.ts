import { nameOf } from './expect.js';
import type { ListForm } from './form.js';
import type { Source } from './source.js';
import { splitTypedList } from './typed-list.js';
import type { TypedEntry } from './typed-list.js';

/** Reads `(:types …)`. A parent that is not declared itself is a type below `object`. */
export function readTypes(source: Source, list: ListForm | undefined): Map<string, string | null> {
  const types = new Map<string, string | null>([['object', null]]);
  if (list === undefined) return types;
  const places = new Map<string, number>();
  const entries = splitTypedList(source, list, 1);
  for (const entry of entries) {
    const name = nameOf(source, entry.form, 'the name of a type');
    const parent = parentOf(source, entry);
    if (name === 'object') continue;
    if (places.has(name)) throw source.error(entry.form.at, `the type \`${name}\` is declared twice`);
    places.set(name, entry.form.at);
    types.set(name, parent);
  }
  for (const { name } of entries.flatMap((entry) => entry.types ?? [])) {
    if (!types.has(name)) types.set(name, 'object');
  }
  for (const [name, at] of places) checkNoCircle(source, types, name, at);
  return types;
}

function parentOf(source: Source, entry: TypedEntry): string {
  if (entry.types === null) return 'object';
  const [parent, second] = entry.types;
  if (second !== undefined) throw source.error(second.at, 'not supported: a type with several parents');
  if (entry.form.kind === 'symbol' && entry.form.text === 'object' && parent!.name !== 'object') {
    throw source.error(entry.form.at, '`object` is the root of all types, so it has no parent');
  }
  return parent!.name;
}

function checkNoCircle(source: Source, types: ReadonlyMap<string, string | null>, name: string, at: number): void {
  const line = [name];
  for (let up = types.get(name); up !== undefined && up !== null; up = types.get(up)) {
    line.push(up);
    if (up === name) throw source.error(at, `the types run in a circle: ${line.join(' - ')}`);
    // A circle above that this type is no part of is reported for its own members.
    if (line.length > types.size) return;
  }
}
