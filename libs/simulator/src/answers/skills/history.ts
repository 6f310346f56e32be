import type { ChatMessage, Json } from '@praxis/core';
import { readBlocks, withoutBlocks } from '../rules/blocks.js';
import { isObject } from './offers.js';

/** A call that was made before, with what came of it where that is known. */
export interface EarlierCall {
  readonly name: string;
  readonly args: { readonly [key: string]: Json };
  /** JSON where it was JSON, else its text; null where nothing came yet. */
  readonly result: Json;
}

/** What a conversation says: what was asked for, and what was called so far. */
export interface History {
  readonly request: string;
  readonly calls: readonly EarlierCall[];
}

/**
 * Reads a conversation: native calls with the messages that answer them; calls that were written as a structured answer
 * `{call: {skill, args}}`, each answered by a block `result`; and lines `NAME {…} -> …` of the blocks `results` and
 * `done`, whose result may have a name: `… -> $s1 = …`. The request is the block `request`, or else what the first message of the user says beside its blocks.
 */
export function readHistory(messages: readonly ChatMessage[]): History {
  const calls: EarlierCall[] = [];
  let open: { name: string; args: EarlierCall['args'] }[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') {
      calls.push(...open.map((call) => ({ ...call, result: null })));
      open = callsOf(message);
    } else if (message.role === 'tool') {
      const at = open.findIndex(({ name }) => name === message.name || message.name === '');
      if (at >= 0) calls.push({ ...open.splice(at, 1)[0]!, result: valueOf(message.content) });
    } else if (message.role === 'user') {
      for (const [, text] of message.content.matchAll(RESULT)) {
        const call = open.shift();
        if (call !== undefined) calls.push({ ...call, result: valueOf(text!) });
      }
    }
  }
  calls.push(...open.map((call) => ({ ...call, result: null })));
  const blocks = readBlocks(messages);
  const told = ['done', 'results'].flatMap((name) => (blocks.get(name) ?? '').split('\n').flatMap(lineCall));
  const first = messages.find(({ role }) => role === 'user')?.content ?? '';
  return { request: blocks.get('request') ?? withoutBlocks(first), calls: [...told, ...calls] };
}

const RESULT = /^`{3,}result[^\n`]*\n([\s\S]*?)^`{3,}[ \t]*$/gm;
const LINE = /^(?:\$\w+\s*=\s*)?\W*([\p{L}_][\p{L}\p{N}_.-]*)\s*(\{.*?\})?\s*(?:->|→|=>)\s*(?:ok:?\s*)?(.*)$/u;
/** The name of an output, and the files that came with it. */
const NAMED = /^\$\w+\s*=\s*/;
const FILES = /\s*\(files: [^()]*\)$/;

function callsOf(message: Extract<ChatMessage, { role: 'assistant' }>): { name: string; args: EarlierCall['args'] }[] {
  if (message.toolCalls !== undefined && message.toolCalls.length > 0)
    return message.toolCalls.map(({ name, args }) => ({ name, args }));
  return message.content.split('\n').flatMap((line) => {
    const value = valueOf(line);
    const call = isObject(value) ? value['call'] : null;
    if (!isObject(call) || typeof call['skill'] !== 'string') return [];
    return [{ name: call['skill'], args: isObject(call['args']) ? call['args'] : {} }];
  });
}

function lineCall(line: string): readonly EarlierCall[] {
  const [, name, args, result] = LINE.exec(line) ?? [];
  if (name === undefined) return [];
  const given = valueOf(args ?? '{}');
  return [{ name, args: isObject(given) ? given : {}, result: valueOf(result!.replace(NAMED, '').replace(FILES, '')) }];
}

/** The JSON of a text, or the text itself. */
export function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text.trim();
  }
}
