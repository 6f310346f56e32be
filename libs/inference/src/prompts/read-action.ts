import { makeAction, type Action, type Json, type SkillManifest } from '@praxis/core';
import { readCall, type CallWord } from './read-terms.js';

/** An action that was understood, or what is wrong with it. */
export type ReadAction =
  | { readonly action: Action; readonly problem: null }
  | { readonly action: null; readonly problem: string };

/** Types of arguments that are values, and what is one; all others are objects of a world. */
const VALUE_TYPES: ReadonlyMap<string, (value: Json) => boolean> = new Map([
  ['string', (value: Json) => typeof value === 'string'],
  ['text', (value: Json) => typeof value === 'string'],
  ['number', (value: Json) => typeof value === 'number'],
  ['integer', (value: Json) => Number.isInteger(value)],
  ['boolean', (value: Json) => typeof value === 'boolean'],
  ['array', (value: Json) => Array.isArray(value)],
  ['object', (value: Json) => typeof value === 'object' && value !== null && !Array.isArray(value)],
  ['json', () => true],
]);

/** A call of a skill that a model wrote; `objects` null: the objects of the world are not known. */
export function readAction(
  text: string,
  skills: readonly SkillManifest[],
  objects: ReadonlySet<string> | null,
): ReadAction {
  const refuse = (problem: string): ReadAction => ({ action: null, problem });
  const words = readCall(text);
  if (words === null) return refuse(`${text.trim() || 'an empty text'} is not a call such as (move ann hall kitchen)`);
  const [name, ...args] = words;
  const wanted = name!.text.toLowerCase();
  const skill = skills.find((s) => s.name === name!.text) ?? skills.find((s) => s.name.toLowerCase() === wanted);
  if (skill === undefined) return refuse(`there is no skill ${name!.text}`);
  const named = namedArguments(args, skill);
  if (named !== null) return readNamed(named, skill, objects);
  if (args.length !== skill.parameters.length)
    return refuse(
      `${text.trim()} has ${args.length} arguments; ${skill.name} takes ${skill.parameters.map((p) => p.name).join(', ') || 'none'}`,
    );
  const values: Json[] = [];
  for (const [i, { type }] of skill.parameters.entries()) {
    const value = valueOf(args[i]!, type.toLowerCase(), objects);
    if (value === undefined)
      return refuse(
        `${args[i]!.text} in ${text.trim()} is not ${VALUE_TYPES.has(type.toLowerCase()) ? `of type ${type}` : 'an object that exists'}`,
      );
    values.push(value);
  }
  return {
    action: makeAction(
      skill.name,
      skill.parameters.map((p) => p.name),
      values,
    ),
    problem: null,
  };
}

/** Arguments that were given by name, as one JSON object or as `NAME=VALUE`; null where they were given in order. */
function namedArguments(
  args: readonly CallWord[],
  { parameters }: SkillManifest,
): { readonly [name: string]: Json } | null {
  const pairs = args.map(({ text }) => /^([^=]+)=(.+)$/.exec(text));
  if (args.length > 0 && pairs.every((pair) => pair !== null && parameters.some((p) => p.name === pair[1]))) {
    return Object.fromEntries(pairs.map((pair) => [pair![1]!, pair![2]!]));
  }
  const only = args.length === 1 ? args[0]!.json : undefined;
  if (typeof only !== 'object' || only === null || Array.isArray(only) || parameters.length === 0) return null;
  const value = only as { readonly [name: string]: Json };
  return Object.keys(value).every((name) => parameters.some((p) => p.name === name)) ? value : null;
}

function readNamed(
  named: { readonly [name: string]: Json },
  skill: SkillManifest,
  objects: ReadonlySet<string> | null,
): ReadAction {
  const values: Json[] = [];
  for (const { name, type } of skill.parameters) {
    const given = named[name];
    if (given === undefined) return { action: null, problem: `${skill.name} needs ${name} (${type})` };
    const value = valueOf(
      { text: typeof given === 'string' ? given : JSON.stringify(given), json: given },
      type.toLowerCase(),
      objects,
    );
    if (value === undefined)
      return {
        action: null,
        problem: `${name} of ${skill.name} is not ${VALUE_TYPES.has(type.toLowerCase()) ? `of type ${type}` : 'an object that exists'}`,
      };
    values.push(value);
  }
  return {
    action: makeAction(
      skill.name,
      skill.parameters.map((p) => p.name),
      values,
    ),
    problem: null,
  };
}

/** An argument as its type wants it; undefined where it does not fit. */
function valueOf({ text: word, json }: CallWord, type: string, objects: ReadonlySet<string> | null): Json | undefined {
  const fits = VALUE_TYPES.get(type);
  if (fits === undefined) return objectOf(json ?? word, objects);
  const value = [json, plainJson(word), word].find((v) => v !== undefined && fits(v));
  // PDDL calls any object of a world an `object`, JSON Schema a record.
  return value === undefined && type === 'object' ? objectOf(json ?? word, objects) : value;
}

/**
 * A name of an object, in small letters where that is how the world writes it; undefined where there is none of that
 * name.
 */
function objectOf(said: Json, objects: ReadonlySet<string> | null): string | undefined {
  if (typeof said !== 'string') return undefined;
  if (objects === null || objects.has(said)) return said;
  return objects.has(said.toLowerCase()) ? said.toLowerCase() : undefined;
}

/** An unquoted word as JSON; undefined where it is none. */
function plainJson(word: string): Json | undefined {
  try {
    return JSON.parse(word) as Json;
  } catch {
    return undefined;
  }
}
