import type { Domain } from '../ast.js';
import { nameOf } from './expect.js';
import { describeForm } from './form.js';
import type { ListForm } from './form.js';
import type { Source } from '../source.js';
import { splitTypedList } from './typed-list.js';
import type { TypeMention } from './typed-list.js';

/** A type where the text declares it, with one of its parents. */
interface Link {
  readonly name: string;
  readonly at: number;
  readonly parent: TypeMention;
}

/**
 * Reads `(:types …)`. A type may be listed several times, or below `(either …)`; it then has all the parents named.
 * A parent that is not declared itself is a type below `object`.
 */
export function readTypes(source: Source, list: ListForm | undefined): Domain['types'] {
  const links = list === undefined ? [] : readLinks(source, list);
  const parents = new Map<string, Set<string>>([['object', new Set()]]);
  for (const { name } of links) if (!parents.has(name)) parents.set(name, new Set());
  for (const { parent } of links) if (!parents.has(parent.name)) parents.set(parent.name, new Set());
  for (const link of links) addLink(source, link, parents);
  for (const [name, above] of parents) {
    if (name !== 'object' && above.size === 0) above.add('object');
    if (above.size > 1) above.delete('object');
  }
  const types = new Map([...parents].map(([name, above]) => [name, [...above]] as const));
  for (const { name, at } of links) checkNoCircle(source, types, name, at);
  return types;
}

function readLinks(source: Source, list: ListForm): Link[] {
  const entries = splitTypedList(source, list, 1, (dash, afterType) => {
    if (!afterType) return;
    const problem = `found ${describeForm(dash)} after a type, expected a name before it`;
    throw source.error(dash.at, `${problem}; for a chain of types write \`a - b b - c\``);
  });
  return entries.flatMap(({ form, types }) => {
    const name = nameOf(source, form, 'the name of a type');
    return (types ?? [{ name: 'object', at: form.at }]).map((parent) => ({ name, at: form.at, parent }));
  });
}

function addLink(source: Source, { name, at, parent }: Link, parents: ReadonlyMap<string, Set<string>>): void {
  if (name !== parent.name) parents.get(name)!.add(parent.name);
  if (name === 'object' && parent.name !== 'object') {
    source.warn(
      parent.at,
      `\`object\` is the root of all types, so \`${parent.name}\` above it holds every object too`,
    );
  } else if (name === parent.name && name !== 'object') {
    source.warn(
      at,
      `the type \`${name}\` is listed below itself, which is left out; put "- object" behind the types before it`,
    );
  }
}

/** A circle through `object` only says that its members hold every object; any other is an error. */
function checkNoCircle(source: Source, types: Domain['types'], name: string, at: number): void {
  const visited = new Set(['object']);
  const climb = (path: readonly string[]): void => {
    for (const parent of types.get(path.at(-1)!) ?? []) {
      if (parent === name && name !== 'object') throw source.error(at, circle([...path, parent]));
      if (visited.has(parent)) continue;
      visited.add(parent);
      climb([...path, parent]);
    }
  };
  climb([name]);
}

function circle(path: readonly string[]): string {
  return `the types run in a circle: ${path.join(' - ')}; name one of them below \`object\` or another type instead`;
}
