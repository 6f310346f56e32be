import { keyedRandom, type ChatRequest, type Json } from '@praxis/core';
import { askedDigest, type AnswerMaker, type MadeAnswer, type MadeCall } from '../answer-maker.js';
import { isObject } from '../skills/offers.js';
import { halfPlan, longThought, nearMiss, spoiledArgs, wordsAround } from './slips.js';
import type { Draw, Weaknesses } from './weakness.js';

type Loose = { readonly [key: string]: Json };

/**
 * Makes the answers of another maker worse, as those of small models are; no grammar holds it to a schema.
 *
 * weak-maker.1 Equal requests get equal answers; a request that shows the model what was wrong is another one.
 * weak-maker.2 With all rates at 0 nothing changes.
 */
export class WeakMaker implements AnswerMaker {
  constructor(
    private readonly inner: AnswerMaker,
    private readonly options: { readonly weaknesses: Weaknesses; readonly seed: string },
  ) {}

  async answer(request: ChatRequest, signal: AbortSignal): Promise<MadeAnswer> {
    const made = await this.inner.answer(request, signal);
    const key = `${this.options.seed} ${askedDigest(request)}`;
    const has: Draw = (weakness) => keyedRandom(key, 'weak', weakness) < this.options.weaknesses[weakness];
    if (made.kind === 'refusal') return made;
    if (has('silent')) return { kind: 'text', text: '' };
    return made.kind === 'tools' ? weakCalls(made, request, has, key) : weakText(made.text, has, key);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

function weakCalls(
  { calls, text = '' }: Extract<MadeAnswer, { readonly kind: 'tools' }>,
  request: ChatRequest,
  has: Draw,
  key: string,
): MadeAnswer {
  const spoiled = calls.map((call) => weakCall(call, has, key));
  const thought = has('wordy') ? longThought(text, key) : text;
  const said = has('prose') ? wordsAround('', key, thought).trim() : thought;
  // What calls a tool that nobody offered has nothing to write down.
  if (!has('text-call') || (request.tools ?? []).length === 0) return { kind: 'tools', text: said, calls: spoiled };
  const written = spoiled.map(({ name, args }) => {
    const json = JSON.stringify({ name, arguments: args });
    return has('fence') ? `\`\`\`json\n${json}\n\`\`\`` : `<tool_call>\n${json}\n</tool_call>`;
  });
  return { kind: 'text', text: [said, ...written].filter((part) => part !== '').join('\n') };
}

function weakCall({ name, args }: MadeCall, has: Draw, key: string): MadeCall {
  return { name: has('wrong-skill') ? nearMiss(name, key) : name, args: spoiledArgs(args, has, key) };
}

function weakText(text: string, has: Draw, key: string): MadeAnswer {
  const value = parsed(text);
  if (value === null) return { kind: 'text', text: has('prose') ? wordsAround(text, key) : text };
  const json = JSON.stringify(weakValue(value, has, key));
  const body = has('fence') ? `\`\`\`json\n${json}\n\`\`\`` : json;
  return { kind: 'text', text: has('prose') ? wordsAround(body, key) : body };
}

function weakValue(value: Loose, has: Draw, key: string): Loose {
  const worse: { [key: string]: Json } = { ...value };
  const { thought, call, action } = value;
  if (typeof thought === 'string' && has('wordy')) worse['thought'] = longThought(thought, key);
  if (isObject(call) && typeof call['skill'] === 'string') {
    const made = weakCall({ name: call['skill'], args: isObject(call['args']) ? call['args'] : {} }, has, key);
    worse['call'] = { skill: made.name, args: made.args };
  }
  if (typeof action === 'string' && has('wrong-skill')) worse['action'] = nearMiss(action, key);
  return has('half-plan') ? halfPlan(worse) : worse;
}

function parsed(text: string): Loose | null {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : null;
  } catch {
    // Words, not JSON.
    return null;
  }
}
