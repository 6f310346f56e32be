import type { Json, SkillManifest } from '@praxis/core';
import { isVariable, readLiteral, type SkillLiteral } from './skill-literal.js';

/** A skill as search plans with it. Variables are without their question mark, in lower case. */
export interface SearchSkill {
  readonly name: string;
  /** Variables that stand for a slot, in the order in which they are met; without the output's. */
  readonly slots: readonly string[];
  /** Arguments that refer to a slot: the parameter's name, and its variable. */
  readonly passed: readonly (readonly [parameter: string, slot: string])[];
  /** Arguments that refer to an input of the goal which has their name. */
  readonly bound: readonly (readonly [parameter: string, input: string])[];
  /** The step is done once for each item of the value in a slot; null where it is done once. */
  readonly each: { readonly parameter: string; readonly list: string } | null;
  /** The variable that its output is named after; null where nothing is planned with its output. */
  readonly output: string | null;
  /** What holds before; `(have …)` of what it refers to is among it. */
  readonly needs: readonly SkillLiteral[];
  /** What holds after; `(have …)` of its output is among it. */
  readonly makes: readonly SkillLiteral[];
}

/** A skill that search cannot plan with, and why. */
export interface LeftSkill {
  readonly skill: string;
  readonly why: string;
}

export const have = (slot: string): SkillLiteral => ({ predicate: 'have', args: [slot], isNegated: false });

/** Reads what a manifest says of a skill for a goal with these inputs; a text says why search leaves it out. */
export function readSkill(manifest: SkillManifest, inputs: readonly string[]): SearchSkill | string {
  const literals = readLiterals(manifest);
  if (typeof literals === 'string') return literals;
  const { requires, ensures, each } = literals;
  const variables = readVariables(manifest, literals);
  if (typeof variables === 'string') return variables;
  const { slots, passed, output, item } = variables;
  const bound = bindFree(manifest, inputs, [...slots, ...(each === null ? [] : [each.item])]);
  if (typeof bound === 'string') return bound;
  const referred = [...new Set([...passed.map(([, v]) => v), ...(each === null ? [] : [each.list])])];
  return {
    name: manifest.name,
    slots,
    passed,
    bound,
    each: each === null ? null : { parameter: item!, list: each.list },
    output,
    needs: [...requires, ...referred.map((v) => have(`?${v}`))],
    makes: [...ensures, ...(output === null ? [] : [have(`?${output}`)])],
  };
}

/** What the variables of a skill's literals stand for. */
interface Variables extends Pick<SearchSkill, 'slots' | 'passed' | 'output'> {
  /** The parameter that takes one item of a list. */
  readonly item: string | null;
}

function readVariables(manifest: SkillManifest, { requires, ensures, each }: Literals): Variables | string {
  const parameters = new Map(manifest.parameters.map((p) => [p.name.toLowerCase(), p.name]));
  const needed = [...new Set([...variablesOf(requires), ...(each === null ? [] : [each.list])])];
  const ensured = variablesOf(ensures).filter((v) => !needed.includes(v));
  if (each !== null && !parameters.has(each.item))
    return `its requires say each ?${each.item}, which is no parameter of it`;
  if (each !== null && [...needed, ...ensured].includes(each.item))
    return `?${each.item} is one item of a list, and stands in another literal as well`;
  const outputs = ensured.filter((v) => !parameters.has(v));
  if (outputs.length > 1) return `its ensures name several outputs (?${outputs.join(', ?')}), and a step has one`;
  const slots = [...needed, ...ensured.filter((v) => parameters.has(v))];
  const passed = slots.flatMap((v) => (parameters.has(v) ? [[parameters.get(v)!, v] as const] : []));
  const item = each === null ? null : parameters.get(each.item)!;
  return { slots, passed, output: outputs[0] ?? null, item };
}

/** Arguments that no literal names are bound to inputs of their name; what is then left has to be left out or default. */
function bindFree(
  manifest: SkillManifest,
  inputs: readonly string[],
  variables: readonly string[],
): SearchSkill['bound'] | string {
  const free = manifest.parameters.filter((p) => !variables.includes(p.name.toLowerCase()));
  const unbound = free.find((p) => !inputs.includes(p.name) && p.optional !== true && !hasDefault(manifest, p.name));
  if (unbound)
    return `nothing says what its argument ${unbound.name} is: no literal names it, and the goal has no input of that name`;
  return free.flatMap((p) => (inputs.includes(p.name) ? [[p.name, p.name] as const] : []));
}

/** The literals of a manifest, with what it says of a list apart. */
interface Literals {
  readonly requires: readonly SkillLiteral[];
  readonly ensures: readonly SkillLiteral[];
  readonly each: { readonly item: string; readonly list: string } | null;
}

function readLiterals({ requires = [], ensures = [] }: SkillManifest): Literals | string {
  if (ensures.length === 0) return 'it declares nothing that it ensures';
  const read = [...requires, ...ensures].map((text) => [text, readLiteral(text)] as const);
  const broken = read.find(([, literal]) => literal === null);
  if (broken) return `${broken[0]} is no literal; write one such as (table ?x) or (not (draft ?x))`;
  const literals = read.map(([, literal]) => literal!);
  const [before, after] = [literals.slice(0, requires.length), literals.slice(requires.length)];
  const wrongHave = literals.find((l) => l.predicate === 'have' && l.args.length !== 1);
  if (wrongHave) return 'have takes one argument, the slot: (have ?x)';
  if (literals.some((l) => l.predicate === 'check')) return 'a check is verified, and no skill ensures or requires one';
  if (after.some((l) => l.predicate === 'each')) return 'each belongs to requires';
  const lists = before.filter((l) => l.predicate === 'each');
  const wrong = lists.find((l) => l.isNegated || l.args.length !== 2 || !l.args.every(isVariable));
  if (wrong) return 'each takes two variables: (each ?item ?list)';
  if (lists.length > 1) return 'its requires say each more than once, and a step goes through one list';
  const each = lists.map(({ args: [item, list] }) => ({ item: item!.slice(1), list: list!.slice(1) }))[0] ?? null;
  return { requires: before.filter((l) => l.predicate !== 'each'), ensures: after, each };
}

const variablesOf = (literals: readonly SkillLiteral[]): readonly string[] => [
  ...new Set(literals.flatMap((l) => l.args.filter(isVariable).map((v) => v.slice(1)))),
];

function hasDefault({ input }: SkillManifest, name: string): boolean {
  const properties = (input as { readonly properties?: Readonly<Record<string, Json>> } | undefined)?.properties;
  const property = properties?.[name];
  return property !== null && typeof property === 'object' && 'default' in property;
}
