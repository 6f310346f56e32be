import { canonical, type ChatRequest, type Json, type TokenUsage } from '@praxis/core';

/**
 * Where nobody counts tokens, four characters are taken for one: English text has about that, code and other scripts
 * fewer.
 */
export const CHARS_PER_TOKEN = 4;
/** What a message has besides its text: its role and its marks. */
const MESSAGE_TOKENS = 4;

/** Tokens of a text by the rule of four characters, rounded up. */
export const textTokens = (text: string): number => Math.ceil(text.length / CHARS_PER_TOKEN);

/**
 * Tokens of a request's input by the same rule: its messages, four more for each, its tools and the schema of its
 * answer.
 */
export function inputTokens({ messages, tools, answer }: Pick<ChatRequest, 'messages' | 'tools' | 'answer'>): number {
  let tokens = 0;
  for (const message of messages) {
    tokens += MESSAGE_TOKENS + textTokens(message.content);
    if (message.role === 'assistant' && message.toolCalls !== undefined)
      tokens += textTokens(JSON.stringify(message.toolCalls));
  }
  if (tools !== undefined) tokens += textTokens(canonical(tools as unknown as Json));
  if (answer !== undefined) tokens += textTokens(canonical(answer.schema));
  return tokens;
}

/** What was seen of an answer, for when its server does not count. */
export interface Seen {
  readonly input: number;
  /** Of the answer: its text, its thoughts and the arguments of its calls. */
  readonly chars: number;
  readonly reasoningChars: number;
  /** How many tokens came with scores. */
  readonly scored: number;
}

/**
 * Usage as the server says it, each part that it does not say or that cannot be by the rule of four characters (the
 * output by the number of scored tokens where those came). The output includes the reasoning, the input what a cache
 * had.
 */
export function usageOf(said: unknown, seen: Seen): TokenUsage {
  const usage = record(said);
  const input = count(usage.prompt_tokens) ?? seen.input;
  const output =
    count(usage.completion_tokens) ?? (seen.scored > 0 ? seen.scored : Math.ceil(seen.chars / CHARS_PER_TOKEN));
  const cached = count(record(usage.prompt_tokens_details).cached_tokens) ?? 0;
  const reasoning =
    count(record(usage.completion_tokens_details).reasoning_tokens) ??
    count(usage.reasoning_tokens) ??
    Math.ceil(seen.reasoningChars / CHARS_PER_TOKEN);
  return { input, cached: Math.min(cached, input), output, reasoning: Math.min(reasoning, output) };
}

/** Whether a server's usage says how much of the input its cache had. */
export const saysCached = (said: unknown): boolean =>
  count(record(record(said).prompt_tokens_details).cached_tokens) !== null;

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
