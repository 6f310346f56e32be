import type { Domain, Signature, TypedName } from '../ast.js';
import { headNameOf, nameOf, RESERVED, symbolOf } from '../read/expect.js';
import type { Form, ListForm } from '../read/form.js';
import { suggestion } from './nearest.js';
import { printTyped } from '../print.js';
import type { Source } from '../source.js';
import { TypeHierarchy } from './type-hierarchy.js';

/** What may be named while a text is read. */
export interface Vocabulary {
  readonly types: TypeHierarchy;
  readonly predicates: ReadonlyMap<string, Signature>;
  readonly functions: ReadonlyMap<string, Signature>;
  /** Types of each constant and object. */
  readonly objects: ReadonlyMap<string, readonly string[]>;
  /** Predicates that rules derive and no effect may set. */
  readonly derived: ReadonlySet<string>;
}

/** The text being read and what it may name. */
export interface Reading {
  readonly source: Source;
  readonly words: Vocabulary;
}

/** The variables in sight with their types. */
export type Scope = ReadonlyMap<string, readonly string[]>;

/** No variables: what goals and initial states are read with. */
export const NO_VARIABLES: Scope = new Map();

/** What a domain declares, and objects beside its constants. */
export function vocabularyOf(domain: Domain, objects: readonly TypedName[]): Vocabulary {
  return {
    types: new TypeHierarchy(domain.types),
    predicates: new Map(domain.predicates.map((declared) => [declared.name, declared])),
    functions: declaredFunctions(domain.functions),
    objects: new Map([...domain.constants, ...objects].map(({ name, types }) => [name, types])),
    derived: new Set(domain.derived.map((rule) => rule.name)),
  };
}

/** The name of the function that sums up what a plan costs. */
export const TOTAL_COST = 'total-cost';

/** The functions that a text may name: what is declared, and the cost of a plan, which many texts do not declare. */
export function declaredFunctions(functions: readonly Signature[]): ReadonlyMap<string, Signature> {
  const all = [{ name: TOTAL_COST, parameters: [] }, ...functions];
  return new Map(all.map((declared) => [declared.name, declared]));
}

/** A scope with more variables; they hide those of the same name. */
export function withVariables(scope: Scope, variables: readonly TypedName[]): Scope {
  return new Map([...scope, ...variables.map(({ name, types }) => [name, types] as const)]);
}

/** The declared predicate that a list begins with. */
export function predicateOf(reading: Reading, list: ListForm): Signature {
  return declaredOf(reading, list, 'predicate', reading.words.predicates);
}

/** The declared function that a list begins with. */
export function functionOf(reading: Reading, list: ListForm): Signature {
  return declaredOf(reading, list, 'function', reading.words.functions);
}

function declaredOf(
  { source }: Reading,
  list: ListForm,
  what: string,
  declared: ReadonlyMap<string, Signature>,
): Signature {
  const head = list.items[0];
  if (head === undefined) throw source.error(list.at, `found "()", expected a ${what}`);
  const signature = declared.get(nameOf(source, head, `a ${what}`));
  if (signature !== undefined) return signature;
  const name = headNameOf(source, head, `a ${what}`);
  throw source.error(head.at, `unknown ${what} \`${name}\`${suggestion(name, declared.keys())}`);
}

/**
 * Whether a list that begins with a reserved word is an atom all the same: its predicate is declared under that name
 * and has only words behind it, which no connective has.
 */
export function isNamedAtom({ words }: Reading, list: ListForm): boolean {
  const [head, ...args] = list.items;
  if (head?.kind !== 'symbol' || !RESERVED.has(head.text) || !words.predicates.has(head.text)) return false;
  return args.length > 0 && args.every(({ kind }) => kind === 'symbol');
}

/** The arguments of a list such as `(at ?x kitchen)`, checked against what is declared. */
export function readArguments(reading: Reading, list: ListForm, declared: Signature, scope: Scope): string[] {
  const { source, words } = reading;
  const found = list.items.slice(1);
  const { name, parameters } = declared;
  if (found.length !== parameters.length) {
    throw source.error(list.at, `\`${name}\` takes ${printCount(parameters)}, found ${found.length}`);
  }
  return found.map((form, index) => {
    const term = termOf(reading, form, scope);
    const types = scope.get(term) ?? words.objects.get(term)!;
    const wanted = parameters[index]!.types;
    // A variable may turn out to hold something narrower than its type; an object is what it is.
    const fits = scope.has(term) ? words.types.mayMeet(types, wanted) : words.types.isWithin(types, wanted);
    if (fits) return term;
    throw source.error(
      form.at,
      `\`${term}\` is of type ${types.join(' or ')}, but argument ${index + 1} of \`${name}\` must be of type ${wanted.join(' or ')}`,
    );
  });
}

function printCount(parameters: readonly TypedName[]): string {
  if (parameters.length === 0) return 'no arguments';
  return `${parameters.length} ${parameters.length === 1 ? 'argument' : 'arguments'} (${printTyped(parameters)})`;
}

/** A variable in sight or a declared object. */
export function termOf({ source, words }: Reading, form: Form, scope: Scope): string {
  const { text, at } = symbolOf(source, form, 'a variable or the name of an object');
  if (text.startsWith('?')) {
    if (!scope.has(text)) throw source.error(at, `unknown variable \`${text}\`${suggestion(text, scope.keys())}`);
    return text;
  }
  const name = nameOf(source, form, 'a variable or the name of an object');
  if (!words.objects.has(name))
    throw source.error(at, `unknown object \`${name}\`${suggestion(name, words.objects.keys())}`);
  return name;
}
