import { canonical, type ChatRequest, type Json } from '@praxis/core';
import { askedDigest, type AnswerMaker, type MadeAnswer } from '../answer-maker.js';
import { sampleJson } from '../sample-json.js';
import { fillArguments } from './fill-arguments.js';
import { readHistory, type History } from './history.js';
import {
  ASK,
  choiceAnswer,
  DONE,
  isControl,
  offersOf,
  STUCK,
  wordsAnswer,
  type Choice,
  type Offer,
  type Offers,
} from './offers.js';

/**
 * Chooses skills where a request offers some, natively or by a structured answer, and knows nothing but what stands in
 * the conversation.
 *
 * skill-maker.1 The first skill, in the order in which they are offered, whose required arguments can be filled and
 *               that was not called with them yet is called; so a list is worked through entry by entry.
 * skill-maker.2 When nothing is left to call, it is done; where nothing could be called at all, it asks or is stuck.
 */
export class SkillMaker implements AnswerMaker {
  constructor(
    /** Says what has nothing to do with skills. */
    private readonly otherwise: AnswerMaker,
    private readonly seed: string,
  ) {}

  answer(request: ChatRequest, signal: AbortSignal): Promise<MadeAnswer> {
    const offers = offersOf(request);
    const choice = offers && chooseSkill(offers, readHistory(request.messages), `${this.seed} ${askedDigest(request)}`);
    if (offers === null) return this.otherwise.answer(request, signal);
    if (choice === null && offers.form === 'tools' && request.answer !== undefined)
      return this.otherwise.answer(request, signal);
    if (choice === null) return Promise.resolve(wordsAnswer(offers, 'Everything that can be called was called.'));
    return Promise.resolve(choiceAnswer(offers, choice, request));
  }

  close(): Promise<void> {
    return this.otherwise.close();
  }
}

/** A call, whether its name is written as skills are named or as endpoints spell tools: without dots. */
const callKey = (name: string, args: Json): string => `${name.replace(/[^\w-]/g, '_')} ${canonical(args)}`;

/** Skills that take something away are called only where the request speaks of that. */
const RASH = /delete|remove|drop|clear|move|rename|cancel/i;
const isRash = ({ name }: Offer, request: string): boolean => {
  const verb = RASH.exec(name)?.[0];
  return verb !== undefined && !request.toLowerCase().includes(verb.toLowerCase());
};

/** What to call next; null where nothing has to be called and nothing helps. */
export function chooseSkill({ offered, must }: Offers, history: History, seed: string): Choice | null {
  const made = new Set(history.calls.map(({ name, args }) => callKey(name, args as Json)));
  for (const offer of offered.filter((o) => !isControl(o) && !isRash(o, history.request))) {
    const args = fillArguments(offer, history).find((given) => !made.has(callKey(offer.name, given)));
    if (args !== undefined)
      return { thought: `${offer.name} can be called, and was not called like this yet.`, name: offer.name, args };
  }
  const skills = offered.filter((o) => !isControl(o)).length;
  const wanted = made.size > 0 || skills === 0 ? [DONE] : [ASK, STUCK, DONE];
  const end = wanted
    .flatMap((names) => offered.filter(({ name }) => (names as readonly string[]).includes(name)))
    .at(0);
  if (end !== undefined) return { thought: endThought(end), name: end.name, args: controlArgs(end, seed) };
  const any = must ? offered[0] : undefined;
  return any === undefined
    ? null
    : { thought: 'Something has to be called.', name: any.name, args: sampled(any, seed) };
}

const endThought = ({ name }: Offer): string =>
  (DONE as readonly string[]).includes(name)
    ? 'Everything that can be called was called.'
    : 'What the skills need is said nowhere.';

/** A control branch with its texts filled by what there is to say. */
function controlArgs(offer: Offer, seed: string): Choice['args'] {
  const args = sampled(offer, seed);
  const said = (ASK as readonly string[]).includes(offer.name)
    ? 'What are the values that the skills need?'
    : 'No skill can be called with what is known.';
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [key, typeof value === 'string' ? said : value]),
  );
}

function sampled({ input }: Offer, seed: string): Choice['args'] {
  const value = sampleJson(input, seed);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : {};
}
