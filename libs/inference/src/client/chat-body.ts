import type { ChatMessage, ChatRequest, Json, ToolSpec } from '@praxis/core';
import { wireName, wireNames } from '../tool-calls/wire-names.js';
import type { Dialect } from './dialect.js';

/**
 * A field that a request can do without: what it says is then left to the engine's defaults, and checked in the answer.
 */
export type SpareField =
  | 'stream_options'
  | 'seed'
  | 'temperature'
  | 'logprobs'
  | 'return_token_ids'
  | 'response_format'
  | 'tool_choice'
  | 'max_tokens';

type Body = Record<string, Json>;

/** The body of a chat request; `without` names fields that the server has refused. Pure. */
export function chatBody(
  model: string,
  request: ChatRequest,
  dialect: Dialect,
  without: ReadonlySet<SpareField> = new Set(),
): Body {
  const names = wireNames(request.tools ?? []);
  const messages = joined(request.messages).map((message) => messageBody(message, names));
  const body: Body = { model, messages, stream: true };
  const put = (field: SpareField, value: Json | undefined): void => {
    if (value !== undefined && !without.has(field)) body[field] = value;
  };
  // OpenAI's newer models know the limit by another name only.
  if (without.has('max_tokens')) body.max_completion_tokens = request.maxTokens;
  put('max_tokens', request.maxTokens);
  put('stream_options', { include_usage: true });
  put('temperature', request.temperature);
  put('seed', request.seed);
  if (request.stop !== undefined && request.stop.length > 0) body.stop = request.stop;
  if (request.logprobs === true) {
    put('logprobs', true);
    if (dialect.tokenIds) put('return_token_ids', true);
  }
  Object.assign(body, toolsBody(request, dialect, { without, names }));
  if (answersBySchema(request, dialect)) put('response_format', formatBody(request.answer!, dialect));
  return body;
}

/**
 * A call of a tool that must come has its own schema; otherwise the answer's schema is told where engines allow both.
 */
function answersBySchema({ answer, tools = [], toolChoice = 'auto' }: ChatRequest, dialect: Dialect): boolean {
  if (answer === undefined) return false;
  return tools.length === 0 || toolChoice === 'none' || (toolChoice === 'auto' && dialect.formatWithTools);
}

function formatBody({ name, schema }: NonNullable<ChatRequest['answer']>, dialect: Dialect): Json {
  if (dialect.format === 'json_object_value') return { type: 'json_object', value: schema };
  return { type: 'json_schema', json_schema: { name, schema, strict: true } };
}

interface ToolWords {
  readonly without: ReadonlySet<SpareField>;
  readonly names: ReadonlyMap<string, string>;
}

function toolsBody(
  { tools = [], toolChoice = 'auto', thinkFirst = false }: ChatRequest,
  dialect: Dialect,
  { without, names }: ToolWords,
): Body {
  if (tools.length === 0 || (toolChoice === 'none' && !dialect.obeysNone)) return {};
  const isNamed = typeof toolChoice === 'object';
  const isAlone = isNamed && (thinkFirst || dialect.namedTool === 'only-tool');
  const sent = isAlone ? tools.filter(({ name }) => name === toolChoice.name) : tools;
  const choice = ((): Json => {
    // A call that is forced leaves no room for words before it: that there is one is checked in the answer.
    if (thinkFirst && toolChoice !== 'none') return 'auto';
    if (!isNamed) return toolChoice;
    return isAlone ? 'required' : { type: 'function', function: { name: wireOf(toolChoice.name, names) } };
  })();
  return {
    tools: sent.map((tool) => toolBody(tool, names)),
    ...(without.has('tool_choice') ? {} : { tool_choice: choice }),
  };
}

const wireOf = (name: string, names: ReadonlyMap<string, string>): string => names.get(name) ?? wireName(name);

const toolBody = ({ name, summary, parameters }: ToolSpec, names: ReadonlyMap<string, string>): Json => ({
  type: 'function',
  function: { name: wireOf(name, names), description: summary, parameters },
});

/** Many chat templates refuse two messages of a person in a row: neighbours are sent as one. */
function joined(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const found: ChatMessage[] = [];
  for (const message of messages) {
    const last = found.at(-1);
    if (message.role === 'user' && last?.role === 'user')
      found[found.length - 1] = { role: 'user', content: `${last.content}\n\n${message.content}` };
    else found.push(message);
  }
  return found;
}

function messageBody(message: ChatMessage, names: ReadonlyMap<string, string>): Json {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.call, content: message.content };
  if (message.role !== 'assistant' || message.toolCalls === undefined || message.toolCalls.length === 0)
    return { role: message.role, content: message.content };
  const calls = message.toolCalls.map(({ id, name, args }) => ({
    id,
    type: 'function',
    function: { name: wireOf(name, names), arguments: JSON.stringify(args) },
  }));
  return { role: 'assistant', content: message.content === '' ? null : message.content, tool_calls: calls };
}
