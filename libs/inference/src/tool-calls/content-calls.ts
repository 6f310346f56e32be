import type { Json } from '@praxis/core';
import { callsIn, type WrittenCall } from './read-call.js';

/** What a text comes to where calls were looked for in it. */
export interface ContentCalls {
  /** What is left without the calls: the model's own words. */
  readonly text: string;
  readonly calls: readonly WrittenCall[];
  /** Why a call that was meant could not be read; empty where nothing is wrong. */
  readonly unread: string;
}

/**
 * Reads calls out of an answer's text, for servers whose parser does not know how a model writes them.
 *
 * content-calls.1 Marked calls are calls: `<tool_call>…</tool_call>` (Hermes, Qwen), `<|python_tag|>…` (Llama),
 *                 `[TOOL_CALLS]…` (Mistral), `<function=NAME>…</function>`. A mark whose JSON cannot be read is a fault,
 *                 not text.
 * content-calls.2 Without a mark, JSON is a call only where the whole of it, or one fenced block, is in the shape of a
 *                 call and names a tool that was offered: other JSON is an answer.
 * content-calls.3 The same text gives the same calls, however it came in pieces.
 */
export function contentCalls(text: string, isOffered: (name: string) => boolean): ContentCalls {
  return markedCalls(text) ?? plainCalls(text, isOffered);
}

/** `body` is the JSON, `name` stands outside of it in one of the forms; what has no end mark ends with the text. */
const MARKS: readonly RegExp[] = [
  /<tool_call>(?<body>[\s\S]*?)(?:<\/tool_call>|$)/g,
  /<function=(?<name>[^>\s]{1,200})>(?<body>[\s\S]*?)(?:<\/function>|$)/g,
  /<\|python_tag\|>(?<body>[\s\S]*?)(?:<\|eo[mt]_id\|>|$)/g,
  /\[TOOL_CALLS\](?<body>[\s\S]*)$/g,
];
const BROKEN = 'the call in it is no JSON of the form {"name": …, "arguments": {…}}';

function markedCalls(text: string): ContentCalls | null {
  for (const mark of MARKS) {
    const found = [...text.matchAll(mark)];
    if (found.length === 0) continue;
    const rest = text.replace(mark, '').trim();
    const calls = found.map(({ groups }) => callsInMark(groups?.['body'] ?? '', groups?.['name']));
    if (calls.some((read) => read === null)) return { text: rest, calls: [], unread: BROKEN };
    return { text: rest, calls: calls.flatMap((read) => read!), unread: '' };
  }
  return null;
}

function callsInMark(body: string, name: string | undefined): readonly WrittenCall[] | null {
  if (name !== undefined) return [{ name, args: argsIn(body) }];
  const inside = /^\s*<function=([^>\s]{1,200})>([\s\S]*?)(?:<\/function>\s*)?$/.exec(body);
  if (inside) return [{ name: inside[1]!, args: argsIn(inside[2]!) }];
  const calls = callsIn(body);
  if (calls !== null) return calls;
  // Several calls in one mark stand on lines of their own, or are parted by semicolons.
  const lines = body
    .split(/\n|;(?=\s*\{)/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => callsIn(line));
  return lines.length > 1 && lines.every((read) => read !== null) ? lines.flatMap((read) => read!) : null;
}

const PARAMETER = /<parameter=([^>\s]{1,200})>\n?([\s\S]*?)\n?<\/parameter>/g;

/** Arguments between the marks of a function: JSON, or a mark for each of them whose text is JSON or itself. */
function argsIn(body: string): string {
  const parameters = [...body.matchAll(PARAMETER)].map(([, key, text]) => [key!, jsonOrText(text!)] as const);
  return parameters.length === 0 ? body.trim() : JSON.stringify(Object.fromEntries(parameters));
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function plainCalls(text: string, isOffered: (name: string) => boolean): ContentCalls {
  const calls = text.includes('{') ? callsIn(text) : null;
  if (calls === null || !calls.every(({ name }) => isOffered(name))) return { text, calls: [], unread: '' };
  return { text: wordsAround(text), calls, unread: '' };
}

/** What stands before the first bracket or fence: the words by which a model leads to its call. */
function wordsAround(text: string): string {
  const at = text.search(/^ {0,3}(?:`{3,}|~{3,})|[{[]/m);
  return at < 0 ? '' : text.slice(0, at).trim();
}
