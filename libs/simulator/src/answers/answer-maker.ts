import type { ChatMessage, ChatRequest, Json } from '@praxis/core';
import { digest } from '@praxis/core';

/** What a simulated node says; a structured answer is text that holds its JSON. */
export type MadeAnswer =
  | { readonly kind: 'text'; readonly text: string }
  /** `text` is said before the calls. */
  | { readonly kind: 'tools'; readonly calls: readonly MadeCall[]; readonly text?: string }
  | { readonly kind: 'refusal'; readonly text: string };

/** A tool call that a simulated node asks for; its arguments are not checked against anything. */
export interface MadeCall {
  readonly name: string;
  readonly args: { readonly [key: string]: Json };
}

/**
 * Socket: what stands for the model's weights in a simulated node. Equal requests get equal answers unless it says
 * otherwise.
 */
export interface AnswerMaker {
  answer(request: ChatRequest, signal: AbortSignal): Promise<MadeAnswer>;
  /** Ends what it works with, such as threads. */
  close(): Promise<void>;
}

/** A structured answer. */
export function jsonAnswer(value: Json): MadeAnswer {
  return { kind: 'text', text: JSON.stringify(value) };
}

/** What the last message of a user says; empty where there is none. */
export function lastUserText(messages: readonly ChatMessage[]): string {
  return messages.findLast((m) => m.role === 'user')?.content ?? '';
}

/** A name for what was asked: equal for equal conversations asked for with equal seeds. */
export function askedDigest({ messages, seed, answer }: ChatRequest): string {
  return digest({ messages: messages as unknown as Json, seed: seed ?? null, answer: answer?.name ?? null });
}
