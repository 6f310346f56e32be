import type { Json } from '../values/json.js';

/** A JSON Schema of draft 2020-12, as a plain object. */
export type JsonSchema = { readonly [key: string]: Json };

/** A call of a tool that a model asks for; `args` fit the tool's schema. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: { readonly [key: string]: Json };
}

/** One message of a conversation. Messages are never changed once they are part of one. */
export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly call: string; readonly name: string; readonly content: string };

/** Something that a model may ask to have called. */
export interface ToolSpec {
  readonly name: string;
  readonly summary: string;
  readonly parameters: JsonSchema;
}

/** What a model is asked. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  /**
   * How many of the first messages come back unchanged in the run's later requests: what prefix caches are looked up
   * by.
   */
  readonly stable: number;
  readonly tools?: readonly ToolSpec[];
  readonly toolChoice?: 'auto' | 'required' | 'none' | { readonly name: string };
  /**
   * Leaves room for a thought before the calls, where a tool has to be called: the text before the first call, or the
   * first field of the answer of an endpoint that takes no tools.
   */
  readonly thinkFirst?: boolean;
  /** The answer must be JSON of this schema. `name` says what kind of answer it is, such as `next_action`. */
  readonly answer?: { readonly name: string; readonly schema: JsonSchema };
  /** Most tokens that the answer may have. */
  readonly maxTokens: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  /** Ask for the log-probabilities of the answer's tokens, where the engine offers them. */
  readonly logprobs?: boolean;
}

/** Tokens of one call; the input includes what a cache had, the output includes the reasoning. */
export interface TokenUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/** A token of an answer with its natural log-probability, and its id where the engine says it. */
export interface TokenScore {
  readonly text: string;
  readonly logprob: number;
  readonly id: number | null;
}

/** What a model answered. */
export interface ChatAnswer {
  readonly text: string;
  /** What it thought aloud; never part of a conversation. */
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  /** The structured answer; null where none was asked for. */
  readonly value: Json;
  readonly finish: 'stop' | 'length' | 'tool-calls' | 'refusal';
  readonly usage: TokenUsage;
  readonly tokens?: readonly TokenScore[];
}
