import type { Json } from '@praxis/core';
import { propertiesOf } from '../schema/parameters.js';
import type { Entry, Fault } from './declaration.js';
import { isTemplate, textsIn } from './make-request.js';
import { declaredInput } from './short-parameters.js';
import { placeholders } from './url-template.js';

/** What does not fit the parameters; those of a world's action are known only when the world is open. */
export function* parameterFaults(entry: Entry): Iterable<Fault> {
  const { performs, parameters, input } = entry;
  if (performs !== null) {
    if (parameters !== null) yield [['parameters'], `are those of the action of ${performs}; leave them out`];
    if (input !== null) yield [['input'], `is that of the action of ${performs}; leave it out`];
    return;
  }
  if (parameters !== null && input !== null) yield [['parameters'], 'and input say the same; keep one of them'];
  const names = input === null ? (parameters ?? []).map(({ name }) => name) : Object.keys(propertiesOf(input));
  yield* nameFaults(entry, names);
  yield* strayNames(entry, names);
  yield* optionalInPath(entry);
}

function* nameFaults(entry: Entry, names: readonly string[]): Iterable<Fault> {
  for (const [i, name] of names.entries()) {
    const path = entry.input === null ? ['parameters', i, 'name'] : ['input', 'properties', name];
    if (name === 'key' && usesKey(entry))
      yield [path, 'must not be `key`: {key} stands for the idempotency key here; choose another name'];
    if (names.indexOf(name) < i) yield [path, `stands twice: ${name}`];
  }
}

function* strayNames(entry: Entry, names: readonly string[]): Iterable<Fault> {
  const known = [...names, 'key'];
  const all = known.map((n) => `{${n}}`).join(', ');
  for (const [path, texts] of templatesOf(entry)) {
    const stray = texts.flatMap(placeholders).find((name) => !known.includes(name));
    if (stray !== undefined) yield [path, `there is no parameter {${stray}}; there are ${all}`];
  }
  for (const [to, from] of Object.entries(entry.undo?.args ?? {})) {
    if (from !== 'key' && !names.includes(from.slice(5)))
      yield [['undo', 'args', to], `there is no parameter ${from.slice(5)}; there are ${names.join(', ') || 'none'}`];
  }
  yield* strayVariables(entry, names);
}

/**
 * A variable that is no parameter stands for an output: its own, said as `(have ?x)`, or an earlier one, which some other
 * literal speaks of as well. One that stands alone is a slip.
 */
function* strayVariables({ requires, ensures }: Entry, names: readonly string[]): Iterable<Fault> {
  const variablesOf = (literal: string): readonly string[] => [
    ...new Set([...literal.matchAll(/\?([\w-]+)/g)].map(([, name]) => name!)),
  ];
  const outputs = ensures.flatMap((l) => /^\(have \?([\w-]+)\)$/.exec(l)?.[1] ?? []);
  const all = [...requires, ...ensures].flatMap(variablesOf);
  const isKnown = (name: string): boolean =>
    names.includes(name) || outputs.includes(name) || all.indexOf(name) < all.lastIndexOf(name);
  const items = requires.flatMap((l) => /^\(each \?([\w-]+) /.exec(l)?.[1] ?? []);
  for (const [field, literals] of Object.entries({ requires, ensures })) {
    const stray = literals.flatMap(variablesOf).find((n) => !isKnown(n) || (items.includes(n) && !names.includes(n)));
    if (stray !== undefined)
      yield [[field], `there is no parameter ?${stray}; there are ${names.map((n) => `?${n}`).join(', ') || 'none'}`];
  }
}

/** Every text of an entry that may name arguments. */
const templatesOf = ({ http, probe, reads, writes }: Entry): readonly (readonly [Fault[0], readonly string[]])[] => [
  [['http', 'url'], [http.url]],
  ...Object.entries(http.query).map(([name, text]) => [['http', 'query', name], textsIn(text)] as const),
  [['http', 'body'], isTemplate(http.body) ? textsIn(http.body as Json) : []],
  [['probe', 'url'], [probe?.url ?? '']],
  [['reads'], reads],
  [['writes'], writes],
];

/** Whether the request itself says `{key}`; without it an argument of that name is sent like any other. */
const usesKey = (entry: Entry): boolean =>
  templatesOf({ ...entry, probe: null })
    .flatMap(([, texts]) => texts)
    .concat(Object.values(entry.http.headers).filter((value) => typeof value === 'string'))
    .flatMap(placeholders)
    .includes('key');

/** An address without one of its parts would be another address. */
function* optionalInPath({ http, input, parameters }: Entry): Iterable<Fault> {
  const declared = declaredInput(input, parameters);
  const defaults = propertiesOf(declared.input ?? {});
  const optional = declared.parameters
    .filter((p) => p.optional === true && !hasDefault(defaults[p.name]))
    .map(({ name }) => name);
  const lost = placeholders(http.url).find((name) => optional.includes(name));
  if (lost !== undefined)
    yield [
      ['http', 'url'],
      `{${lost}} may be left out, so it cannot be in the address; give it a default, or use \`query\``,
    ];
}

const hasDefault = (property: Json | undefined): boolean =>
  property !== null && typeof property === 'object' && 'default' in property;
