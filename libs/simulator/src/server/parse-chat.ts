import {
  freeRecord,
  jsonSchema,
  type ChatMessage,
  type ChatRequest,
  type Json,
  type JsonSchema,
  type ToolCall,
} from '@praxis/core';
import { z } from 'zod';
import { HttpFault } from './http-fault.js';

const textSchema = z
  .union([
    z.string(),
    z.null(),
    z.array(z.object({ type: z.literal('text'), text: z.string() }), {
      error: 'must be a text; this node reads nothing but text',
    }),
  ])
  .default(null);
const callSchema = z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) });
const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), content: textSchema }),
  z.object({ role: z.literal('assistant'), content: textSchema, tool_calls: z.array(callSchema).nullish() }),
  z.object({ role: z.literal('tool'), content: textSchema, tool_call_id: z.string() }),
]);
const objectSchema = freeRecord(jsonSchema);
const toolSchema = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string().min(1),
    description: z.string().default(''),
    parameters: objectSchema.default({}),
  }),
});
const formatSchema = z.union([
  z.object({ type: z.literal('json_schema'), json_schema: z.object({ name: z.string(), schema: objectSchema }) }),
  z.object({ type: z.enum(['text', 'json_object']) }),
]);
const count = z.number().int().positive();
const bodySchema = z.object({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  n: z.literal(1, { error: 'must be 1; ask again for another answer' }).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: count.nullish(),
  max_completion_tokens: count.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  logprobs: z.boolean().nullish(),
  return_token_ids: z.boolean().nullish(),
  tools: z.array(toolSchema).nullish(),
  tool_choice: z
    .union([
      z.enum(['auto', 'required', 'none']),
      z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
    ])
    .nullish(),
  response_format: formatSchema.nullish(),
});
type Body = z.infer<typeof bodySchema>;

/** What a client wants of a chat completion: the request, and how it wants to be told. */
export interface WantedChat {
  readonly model: string;
  readonly request: ChatRequest;
  readonly isStreamed: boolean;
  readonly wantsUsage: boolean;
  readonly wantsTokenIds: boolean;
}

/** Reads the body of a chat completion; where it names no limit, `mostTokens` is one. */
export function parseChat(body: unknown, mostTokens: number): WantedChat {
  const parsed = bodySchema.safeParse(body);
  const issue = parsed.error?.issues[0];
  if (issue)
    throw new HttpFault(400, `${issue.path.join('.')}: ${issue.message}`, { param: String(issue.path[0] ?? '') });
  const wanted = parsed.data!;
  const names = new Set((wanted.tools ?? []).map((t) => t.function.name));
  const choice = wanted.tool_choice;
  if (typeof choice === 'object' && choice !== null && !names.has(choice.function.name))
    throw new HttpFault(400, `tool_choice: there is no tool "${choice.function.name}" among the tools`, {
      param: 'tool_choice',
    });
  return {
    model: wanted.model,
    request: requestOf(wanted, mostTokens),
    isStreamed: wanted.stream === true,
    wantsUsage: wanted.stream_options?.include_usage === true,
    wantsTokenIds: wanted.return_token_ids === true,
  };
}

function requestOf(body: Body, mostTokens: number): ChatRequest {
  const stops = (typeof body.stop === 'string' ? [body.stop] : (body.stop ?? [])).filter((s) => s !== '');
  const choice = body.tool_choice ?? undefined;
  const format = body.response_format ?? { type: 'text' };
  const tools = (body.tools ?? []).map(({ function: f }) => ({
    name: f.name,
    summary: f.description,
    parameters: f.parameters as JsonSchema,
  }));
  return {
    messages: messagesOf(body.messages),
    stable: 0,
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? mostTokens,
    ...given('seed', body.seed),
    ...given('temperature', body.temperature),
    ...given('logprobs', body.logprobs),
    ...given('stop', stops.length === 0 ? null : stops),
    ...given('tools', tools.length === 0 ? null : tools),
    ...given('toolChoice', typeof choice === 'object' ? { name: choice.function.name } : choice),
    ...given(
      'answer',
      'json_schema' in format
        ? { name: format.json_schema.name, schema: format.json_schema.schema as JsonSchema }
        : null,
    ),
  };
}

/** The field with its value, or nothing where there is none. */
function given<K extends string, V>(name: K, value: V | null | undefined): { readonly [key in K]?: V } {
  return value === null || value === undefined ? {} : ({ [name]: value } as { readonly [key in K]: V });
}

function messagesOf(messages: Body['messages']): readonly ChatMessage[] {
  const called = new Map<string, string>();
  return messages.map((message): ChatMessage => {
    const content = textOf(message.content);
    if (message.role === 'tool')
      return { role: 'tool', call: message.tool_call_id, name: called.get(message.tool_call_id) ?? '', content };
    if (message.role !== 'assistant') return { role: message.role === 'user' ? 'user' : 'system', content };
    const toolCalls = (message.tool_calls ?? []).map((call): ToolCall => ({
      id: call.id,
      name: call.function.name,
      args: argsOf(call.function.arguments),
    }));
    for (const call of toolCalls) called.set(call.id, call.name);
    return { role: 'assistant', content, ...(toolCalls.length > 0 ? { toolCalls } : {}) };
  });
}

function textOf(content: Body['messages'][number]['content']): string {
  return typeof content === 'string' ? content : (content ?? []).map((part) => part.text).join('');
}

function argsOf(text: string): { readonly [key: string]: Json } {
  try {
    return objectSchema.parse(JSON.parse(text === '' ? '{}' : text));
  } catch {
    throw new HttpFault(400, 'messages: the arguments of a tool call are no JSON object', { param: 'messages' });
  }
}
