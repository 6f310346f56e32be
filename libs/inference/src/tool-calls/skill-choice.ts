import {
  PraxisError,
  clipText,
  type ChatAnswer,
  type ChatRequest,
  type Json,
  type JsonSchema,
  type ToolSpec,
} from '@praxis/core';
import { cleanItem } from '../prompts/clean-text.js';
import { skillSchema } from './skill-schema.js';

/** Something that a model may choose: a skill, or a branch of the caller's own such as `done`. */
export interface ChoiceBranch {
  readonly name: string;
  /** What it is for, in one or two lines. */
  readonly summary: string;
  /** JSON Schema of the arguments: an object. */
  readonly input: JsonSchema;
}

/** Most skills that are offered at once; more make small models choose worse. */
export const SKILLS_AT_MOST = 20;

const textInput = (field: string, about: string): JsonSchema => ({
  type: 'object',
  properties: { [field]: { type: 'string', minLength: 1, description: about } },
  required: [field],
  additionalProperties: false,
});

/** The control branches that most callers want. */
export const DONE: ChoiceBranch = {
  name: 'done',
  summary: 'Say that everything that was asked for has been reached.',
  input: { type: 'object', properties: {}, additionalProperties: false },
};
export const ASK: ChoiceBranch = {
  name: 'ask',
  summary: 'Ask the person something that cannot be found out otherwise.',
  input: textInput('question', 'one short question'),
};
export const STUCK: ChoiceBranch = {
  name: 'stuck',
  summary: 'Say that nothing that can be called helps any more.',
  input: textInput('reason', 'what is missing'),
};
export const CONTROLS: readonly ChoiceBranch[] = [DONE, ASK, STUCK];

type Args = { readonly [key: string]: Json };

/** A call of a skill, with arguments that fit its schema. */
export interface ChosenCall {
  readonly skill: string;
  readonly args: Args;
}

/** What a model chose. */
export type SkillChoice =
  | {
      readonly kind: 'call';
      /** Why, in its own words; empty where it said nothing. */
      readonly thought: string;
      readonly call: ChosenCall;
      /** What it wants to call right after, without seeing the first answer. */
      readonly next: readonly ChosenCall[];
    }
  | { readonly kind: 'control'; readonly thought: string; readonly control: string; readonly args: Args };

/** What a model is offered, ready to be asked. */
export interface SkillMenu {
  readonly tools: readonly ToolSpec[];
  readonly controls: ReadonlySet<string>;
  /** Skills that are not offered, with the reason: their schemas cannot be used. */
  readonly unusable: readonly { readonly skill: string; readonly why: string }[];
}

/**
 * Makes a menu of skills and control branches.
 *
 * skill-choice.1 Every skill on the menu has a schema that can be checked; one that has none is left out and named.
 * skill-choice.2 No two branches have one name: a skill that has the name of a control branch is left out.
 * skill-choice.3 What skills say of themselves is foreign text: it can write no marks of a chat template.
 */
export function skillMenu(skills: readonly ChoiceBranch[], controls: readonly ChoiceBranch[] = CONTROLS): SkillMenu {
  if (skills.length > SKILLS_AT_MOST)
    throw new PraxisError(
      'invalid',
      `A model is offered at most ${SKILLS_AT_MOST} skills at once, not ${skills.length}; choose the likeliest ones first.`,
    );
  const names = new Set(controls.map(({ name }) => name));
  const unusable: { skill: string; why: string }[] = [];
  const tools: ToolSpec[] = [];
  for (const branch of [...skills, ...controls]) {
    const isControl = controls.includes(branch);
    const read = skillSchema(branch.input);
    const isTaken = (!isControl && names.has(branch.name)) || tools.some(({ name }) => name === branch.name);
    if (isTaken) unusable.push({ skill: branch.name, why: 'another branch has the same name' });
    else if ('problem' in read) unusable.push({ skill: branch.name, why: read.problem });
    else tools.push({ name: branch.name, summary: cleanItem(branch.summary), parameters: read.schema });
  }
  const broken = unusable.find(({ skill }) => names.has(skill) && !tools.some(({ name }) => name === skill));
  if (broken !== undefined || tools.length === 0)
    throw new PraxisError(
      'invalid',
      `A model cannot be asked to choose: ${broken === undefined ? 'there is neither a skill nor a control branch' : `${broken.skill}: ${broken.why}`}.`,
    );
  return { tools, controls: names, unusable };
}

/** The part of a chat request that offers a menu. */
export function menuRequest(
  { tools }: SkillMenu,
  thought: boolean,
): Pick<ChatRequest, 'tools' | 'toolChoice' | 'thinkFirst'> {
  return { tools, toolChoice: 'required', ...(thought && { thinkFirst: true }) };
}

/** Longest thought that is taken from a model's reasoning, where it said nothing before its call. */
const LONGEST_THOUGHT = 2_000;

/** What a checked answer chose; null where it called nothing. */
export function choiceOf({ text, reasoning, toolCalls }: ChatAnswer, { controls }: SkillMenu): SkillChoice | null {
  const [first, ...others] = toolCalls;
  if (first === undefined) return null;
  const thought = text.trim() === '' ? clipText(reasoning.trim(), LONGEST_THOUGHT) : text.trim();
  if (controls.has(first.name)) return { kind: 'control', thought, control: first.name, args: first.args };
  const call = { skill: first.name, args: first.args };
  // What comes after a control branch was said about a future that nobody has seen.
  const end = others.findIndex(({ name }) => controls.has(name));
  const next = (end < 0 ? others : others.slice(0, end)).map(({ name, args }) => ({ skill: name, args }));
  return { kind: 'call', thought, call, next };
}
