import type { ChatAnswer, TokenScore } from '@praxis/core';
import { CallAssembly } from './call-assembly.js';
import type { RawAnswer } from './raw-answer.js';
import { ThinkSplitter } from './think-splitter.js';
import { saysCached, usageOf } from './token-estimate.js';

/** An answer that no server should give; `message` says what about it. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

type Loose = Readonly<Record<string, unknown>>;

/**
 * Characters that a token may have at most on average, and what every answer may have: more is an answer that does not
 * end.
 */
const CHARS_PER_TOKEN_AT_MOST = 64;
const CHARS_AT_LEAST = 65_536;

const FINISH: Readonly<Record<string, ChatAnswer['finish']>> = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'refusal',
};
/** Reasons by which servers say that they gave up. */
const GAVE_UP = new Set(['abort', 'error', 'cancelled']);

/**
 * Puts an answer together from what a server sends: chunks of a stream, or one whole completion. Only the first choice
 * counts; usage may come at any time, the last one holds.
 */
export class AnswerBuilder {
  #text = '';
  #reasoning = '';
  #refusal = '';
  #chars = 0;
  #finish: ChatAnswer['finish'] | null = null;
  #usage: unknown = null;
  readonly #splitter = new ThinkSplitter();
  readonly #calls = new CallAssembly();
  readonly #tokens: TokenScore[] = [];
  readonly #most: number;

  constructor(
    private readonly input: number,
    maxTokens: number,
  ) {
    this.#most = Math.max(CHARS_AT_LEAST, maxTokens * CHARS_PER_TOKEN_AT_MOST);
  }

  /** Whether any of the answer has come. */
  get hasBegun(): boolean {
    return this.#chars > 0 || this.#finish !== null;
  }

  /** Whether the server has said why it ended. */
  get isFinished(): boolean {
    return this.#finish !== null;
  }

  /** Tokens so far, for an answer that breaks off. */
  get spent(): { readonly input: number; readonly output: number } {
    const { input, output } = usageOf(this.#usage, this.#seen());
    return { input, output };
  }

  /** Takes a chunk or a completion; gives the text that it brought. Throws `BadAnswer`. */
  take(body: Loose): string {
    if (body.usage !== undefined && body.usage !== null) this.#usage = body.usage;
    if (body.choices === undefined || body.choices === null) return '';
    if (!Array.isArray(body.choices)) throw new BadAnswer('its choices are no list');
    const choice = (body.choices as readonly unknown[]).find(
      (c) => isRecord(c) && (c.index === undefined || c.index === 0),
    );
    return isRecord(choice) ? this.#takeChoice(choice) : '';
  }

  /** The answer; what was held back until its end is told to `onText`. */
  finish(onText: (piece: string) => void = () => undefined): RawAnswer {
    const rest = this.#splitter.end();
    this.#text += rest.text;
    this.#reasoning += rest.reasoning;
    if (rest.text !== '') onText(rest.text);
    const calls = this.#calls.calls();
    const isRefusal = this.#refusal !== '';
    const finish = isRefusal
      ? 'refusal'
      : calls.length > 0 && this.#finish !== 'length'
        ? 'tool-calls'
        : this.#finish === 'tool-calls'
          ? 'stop'
          : (this.#finish ?? 'stop');
    return {
      text: isRefusal && this.#text === '' ? this.#refusal : this.#text,
      reasoning: this.#reasoning.trim(),
      calls,
      finish,
      usage: usageOf(this.#usage, this.#seen()),
      saysCached: saysCached(this.#usage),
      ...(this.#tokens.length > 0 ? { tokens: this.#tokens } : {}),
    };
  }

  #seen(): Parameters<typeof usageOf>[1] {
    return {
      input: this.input,
      chars: this.#chars,
      reasoningChars: this.#reasoning.length,
      scored: this.#tokens.length,
    };
  }

  #takeChoice(choice: Loose): string {
    const delta = isRecord(choice.delta) ? choice.delta : isRecord(choice.message) ? choice.message : {};
    const text = this.#takeDelta(delta);
    this.#takeScores(choice);
    if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '') {
      if (GAVE_UP.has(choice.finish_reason)) throw new BadAnswer(`it gave up (${choice.finish_reason})`);
      this.#finish = FINISH[choice.finish_reason] ?? 'stop';
    }
    if (this.#chars > this.#most) throw new BadAnswer(`its answer does not end (more than ${this.#most} characters)`);
    return text;
  }

  #takeDelta(delta: Loose): string {
    const thought = [delta.reasoning_content, delta.reasoning].find((r) => typeof r === 'string') as string | undefined;
    this.#reasoning += thought ?? '';
    if (typeof delta.refusal === 'string') this.#refusal += delta.refusal;
    const content = contentText(delta.content);
    const split = this.#splitter.take(content);
    this.#text += split.text;
    this.#reasoning += split.reasoning;
    let chars =
      (thought?.length ?? 0) + content.length + (typeof delta.refusal === 'string' ? delta.refusal.length : 0);
    const calls = callsIn(delta);
    if (calls !== null) {
      const brought = this.#calls.take(calls);
      if (brought === null) throw new BadAnswer('its tool calls make no sense');
      // A call without arguments is a beginning too.
      chars += Math.max(1, brought);
    }
    this.#chars += chars;
    return split.text;
  }

  #takeScores(choice: Loose): void {
    const content = isRecord(choice.logprobs) ? choice.logprobs.content : undefined;
    if (!Array.isArray(content)) return;
    const ids =
      Array.isArray(choice.token_ids) && choice.token_ids.length === content.length
        ? (choice.token_ids as readonly unknown[])
        : null;
    for (const [i, score] of (content as readonly unknown[]).entries()) {
      if (!isRecord(score) || typeof score.token !== 'string' || typeof score.logprob !== 'number') continue;
      const id = ids?.[i] ?? score.id;
      this.#tokens.push({ text: score.token, logprob: score.logprob, id: typeof id === 'number' ? id : null });
    }
  }
}

/** Content is a text, or a list of parts of which the texts count. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as readonly unknown[])
    .map((part) => (isRecord(part) && typeof part.text === 'string' ? part.text : ''))
    .join('');
}

/** The pieces of calls that a delta brings, also in the one form that there was before `tool_calls`; null: none. */
function callsIn({ tool_calls: calls, function_call: older }: Loose): unknown {
  if (calls !== undefined && calls !== null) return isEmptyList(calls) ? null : calls;
  return isRecord(older) ? [{ index: 0, function: older }] : null;
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
