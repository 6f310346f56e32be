import type { ChatRequest, Json, JsonSchema } from '@praxis/core';
import { jsonAnswer, type MadeAnswer } from '../answer-maker.js';

/** Something that a request lets the model call. */
export interface Offer {
  readonly name: string;
  readonly summary: string;
  readonly input: JsonSchema;
}

/** What a request offers, and in which form it wants the choice. */
export interface Offers {
  /** `tools`: native calls; `answer`: a structured answer whose schema has a branch for each. */
  readonly form: 'tools' | 'answer';
  readonly offered: readonly Offer[];
  /** Whether one of them has to be called. */
  readonly must: boolean;
}

/** A choice: what is called and why. */
export interface Choice {
  readonly thought: string;
  readonly name: string;
  readonly args: { readonly [key: string]: Json };
}

/** Names of branches that are no skills: they end or hand over instead of doing something. */
export const DONE = ['done', 'finish', 'finished'] as const;
export const ASK = ['ask', 'ask_person', 'question'] as const;
export const STUCK = ['stuck', 'give_up', 'cannot'] as const;
const CONTROLS: ReadonlySet<string> = new Set([...DONE, ...ASK, ...STUCK]);

export const isControl = ({ name }: Pick<Offer, 'name'>): boolean => CONTROLS.has(name);

/** What a request offers to be called; null where it offers nothing. */
export function offersOf({ tools = [], toolChoice = 'auto', answer }: ChatRequest): Offers | null {
  if (tools.length > 0 && toolChoice !== 'none') {
    const offered = tools.filter(({ name }) => typeof toolChoice !== 'object' || toolChoice.name === name);
    return {
      form: 'tools',
      offered: offered.map(({ name, summary, parameters }) => ({ name, summary, input: parameters })),
      must: toolChoice !== 'auto',
    };
  }
  const call = answer === undefined ? null : propertiesOf(answer.schema)['call'];
  const branches = isObject(call) ? (call['anyOf'] ?? call['oneOf']) : null;
  if (!Array.isArray(branches)) return null;
  const offered = (branches as readonly Json[]).flatMap((branch) => offerIn(branch, answer!.schema));
  const must = !(branches as readonly Json[]).some((branch) => isObject(branch) && branch['type'] === 'null');
  return offered.length === 0 ? null : { form: 'answer', offered, must };
}

/** A choice in the form in which the request wants it. */
export function choiceAnswer({ form }: Offers, { thought, name, args }: Choice, request: ChatRequest): MadeAnswer {
  if (form === 'tools') return { kind: 'tools', text: thought, calls: [{ name, args }] };
  const call = { skill: name, args };
  const hasThought = 'thought' in propertiesOf(request.answer!.schema);
  return jsonAnswer(hasThought ? { thought, call } : { call });
}

/** Words instead of a call, where a request leaves that open. */
export function wordsAnswer({ form }: Offers, text: string): MadeAnswer {
  return form === 'tools' ? { kind: 'text', text } : jsonAnswer({ thought: text, call: null });
}

function offerIn(branch: Json, root: JsonSchema): readonly Offer[] {
  const { skill, args } = propertiesOf(branch);
  const name = isObject(skill) ? skill['const'] : null;
  if (typeof name !== 'string') return [];
  return [{ name, summary: '', input: isObject(args) ? { $defs: root['$defs'] ?? {}, ...args } : {} }];
}

function propertiesOf(schema: Json): { readonly [key: string]: Json } {
  const properties = isObject(schema) ? schema['properties'] : null;
  return isObject(properties) ? properties : {};
}

export const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
