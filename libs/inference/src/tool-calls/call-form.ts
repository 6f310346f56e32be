import { canonical, type ChatMessage, type ChatRequest, type Json, type JsonSchema, type ToolSpec } from '@praxis/core';
import type { RawAnswer, RawCall } from '../client/raw-answer.js';
import { readJson } from '../client/read-json.js';
import { SKILL_CALL } from '../prompts/answers.js';
import { cleanLines, fenceFor } from '../prompts/clean-text.js';
import { callsOf, isObject } from './read-call.js';

/**
 * Asks for calls of tools without tools: they are described in the prompt, and the answer is one JSON object
 * `{thought, call: {skill, args}}` whose schema has a branch for each tool.
 *
 * call-form.1 The request says everything that the one with tools said; engines without grammars can answer it too.
 * call-form.2 The thought comes before the call, so that a model whose answer is held to the schema thinks first.
 * call-form.3 What is read back has the form of a native answer: calls, and the thought as the text before them.
 */
export function withoutTools(request: ChatRequest): ChatRequest {
  const { tools: _, toolChoice: __, thinkFirst: ___, ...rest } = request;
  const messages = request.messages.map(plainMessage);
  const offered = offeredTools(request);
  // Where an answer of its own would do as well, that is asked for.
  if (offered.length === 0 || (request.answer !== undefined && !mustCall(request))) return { ...rest, messages };
  return {
    ...rest,
    messages: withInstruction(messages, instruction(offered, request)),
    stable: Math.min(rest.stable, messages.length - 1),
    answer: { name: SKILL_CALL, schema: formSchema(offered, request) },
  };
}

/** The answer of a request that `withoutTools` made, as an answer with native calls. */
export function nativeAnswer(raw: RawAnswer, request: ChatRequest): RawAnswer {
  if (raw.calls.length > 0 || raw.finish === 'refusal' || offeredTools(request).length === 0) return raw;
  if (request.answer !== undefined && !mustCall(request)) return raw;
  const { text } = raw;
  const reading = readJson(text);
  if (!reading.ok) return { ...raw, unread: `the answer has to be one JSON object, but ${reading.why}` };
  const calls = callsOf(reading.value);
  const thought = thoughtIn(reading.value) ?? wordsBefore(text);
  if (calls === null) {
    const isNone = isObject(reading.value) && reading.value.call === null;
    return { ...raw, text: thought, said: text, ...(isNone ? {} : { unread: SHAPE }) };
  }
  return { ...raw, text: thought, said: text, calls: calls.map(numbered), finish: finishOf(raw) };
}

const SHAPE = 'the answer has to hold `call`, an object with `skill` and `args`';
const finishOf = ({ finish }: RawAnswer): RawAnswer['finish'] => (finish === 'length' ? 'length' : 'tool-calls');
const numbered = ({ name, args }: { readonly name: string; readonly args: string }, i: number): RawCall => ({
  id: `call-${i + 1}`,
  name,
  args,
});

const mustCall = ({ toolChoice }: ChatRequest): boolean => toolChoice === 'required' || typeof toolChoice === 'object';

function offeredTools({ tools = [], toolChoice = 'auto' }: ChatRequest): readonly ToolSpec[] {
  if (toolChoice === 'none') return [];
  return typeof toolChoice === 'object' ? tools.filter(({ name }) => name === toolChoice.name) : tools;
}

/** A thought is asked for where there is room for one, and where the answer may be words alone. */
const wantsThought = (request: ChatRequest): boolean => request.thinkFirst === true || !mustCall(request);

function formSchema(tools: readonly ToolSpec[], request: ChatRequest): JsonSchema {
  const branches: JsonSchema[] = tools.map(({ name, parameters }, i) => ({
    type: 'object',
    properties: { skill: { const: name }, args: moved(parameters, `#/properties/call/anyOf/${i}/properties/args`) },
    required: ['skill', 'args'],
    additionalProperties: false,
  }));
  const call = { anyOf: mustCall(request) ? branches : [...branches, { type: 'null' }] };
  const thought = wantsThought(request);
  return {
    type: 'object',
    properties: { ...(thought ? { thought: { type: 'string' } } : {}), call },
    required: [...(thought ? ['thought'] : []), 'call'],
    additionalProperties: false,
  };
}

/** A schema at another place: what it says of itself by `#` is found where it stands now. */
function moved(schema: JsonSchema, place: string): JsonSchema {
  const { $schema: _, $id: __, ...rest } = schema;
  return walk(rest, place) as JsonSchema;
}

function walk(value: Json, place: string): Json {
  if (Array.isArray(value)) return value.map((item: Json) => walk(item, place));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === '$ref' && typeof part === 'string' && /^#(\/|$)/.test(part)
        ? `${place}${part.slice(1)}`
        : walk(part, place),
    ]),
  );
}

function instruction(tools: readonly ToolSpec[], request: ChatRequest): string {
  const lines = tools.flatMap(({ name, summary, parameters }) =>
    cleanLines(`- ${name}: ${summary}\n  args: ${canonical(parameters)}`),
  );
  const fence = fenceFor(lines);
  const thought = wantsThought(request) ? '"thought": "why, in a few sentences", ' : '';
  return [
    'These skills can be called; `args` is the JSON Schema that the arguments have to fit:',
    '',
    `${fence}skills`,
    ...lines,
    fence,
    '',
    `Answer with one JSON object and nothing else: {${thought}"call": {"skill": "NAME", "args": {…}}}.`,
    ...(mustCall(request)
      ? []
      : ['Where no skill helps, set "call" to null, and say in "thought" what there is to say.']),
  ].join('\n');
}

/** The instruction at the end of the last message of the user; as a message of its own where another one is last. */
function withInstruction(messages: readonly ChatMessage[], text: string): readonly ChatMessage[] {
  const last = messages.at(-1);
  if (last?.role !== 'user') return [...messages, { role: 'user', content: text }];
  return [...messages.slice(0, -1), { role: 'user', content: `${last.content}\n\n${text}` }];
}

/** A message in words that every chat template knows: calls in the form of answers, results as the user's. */
function plainMessage(message: ChatMessage): ChatMessage {
  if (message.role === 'tool') {
    const lines = cleanLines(message.content);
    const fence = fenceFor(lines);
    const name = cleanLines(message.name).join(' ');
    return {
      role: 'user',
      content: [`What ${name || 'it'} answered:`, '', `${fence}result`, ...lines, fence].join('\n'),
    };
  }
  if (message.role !== 'assistant' || message.toolCalls === undefined || message.toolCalls.length === 0) return message;
  const content = message.toolCalls
    .map(({ name, args }, i) =>
      JSON.stringify({ ...(i === 0 ? { thought: message.content } : {}), call: { skill: name, args } }),
    )
    .join('\n');
  return { role: 'assistant', content };
}

const THOUGHTS = ['thought', 'thoughts', 'reasoning', 'reason', 'rationale'] as const;

function thoughtIn(value: Json): string | null {
  if (!isObject(value)) return null;
  const found = THOUGHTS.map((key) => value[key]).find((part) => typeof part === 'string');
  return typeof found === 'string' ? found : null;
}

/** What stands before the JSON. */
function wordsBefore(text: string): string {
  const at = text.search(/^ {0,3}(?:`{3,}|~{3,})|[{[]/m);
  return at < 0 ? '' : text.slice(0, at).trim();
}
