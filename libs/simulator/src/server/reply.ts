import type { ServerResponse } from 'node:http';
import { keyedRandom } from '@praxis/core';
import { deltaOf, messageOf, type Output, type Piece } from './output.js';
import { tokenId } from './tokens.js';

/** What all parts of an answer say about it. */
export interface ReplyFrame {
  readonly id: string;
  readonly model: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly created: number;
  readonly output: Output;
  readonly wantsUsage: boolean;
  readonly wantsTokenIds: boolean;
  readonly wantsLogprobs: boolean;
  readonly seed: string;
}

/** Tokens of an answer, as the protocol counts them. */
export interface Usage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/** How an answer goes out: piece by piece, or as a whole. */
export interface Reply {
  /** The so-manieth token was said, counted from 1. */
  say(n: number): void;
  end(usage: Usage): void;
}

/** Server-sent events: the role, then each piece as it is said, then why it ends, then the usage where it is wanted. */
export class StreamedReply implements Reply {
  #hasBegun = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly frame: ReplyFrame,
  ) {}

  say(n: number): void {
    this.#begin();
    const piece = this.frame.output.pieces[n - 1];
    if (piece)
      this.#write([{ index: 0, delta: deltaOf(piece), finish_reason: null, ...extrasOf(this.frame, [piece], n - 1) }]);
  }

  end(usage: Usage): void {
    this.#begin();
    this.#write([{ index: 0, delta: {}, finish_reason: this.frame.output.finish }]);
    if (this.frame.wantsUsage) this.#write([], usageOf(usage));
    this.response.end('data: [DONE]\n\n');
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
    this.#write([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]);
  }

  #write(choices: readonly object[], usage: object | null = null): void {
    this.response.write(
      `data: ${JSON.stringify({ ...headOf(this.frame, 'chat.completion.chunk'), choices, ...(this.frame.wantsUsage ? { usage } : {}) })}\n\n`,
    );
  }
}

/** One object at the end. */
export class WholeReply implements Reply {
  constructor(
    private readonly response: ServerResponse,
    private readonly frame: ReplyFrame,
  ) {}

  say(): void {}

  end(usage: Usage): void {
    const { pieces, finish } = this.frame.output;
    const choice = { index: 0, message: messageOf(pieces), finish_reason: finish, ...extrasOf(this.frame, pieces, 0) };
    this.response.writeHead(200, { 'content-type': 'application/json' });
    this.response.end(
      JSON.stringify({ ...headOf(this.frame, 'chat.completion'), choices: [choice], usage: usageOf(usage) }),
    );
  }
}

/** Half of an answer, and then what no reader of the protocol can read. */
export class GarbledReply implements Reply {
  readonly #reply: Reply;
  readonly #half: number;

  constructor(
    private readonly response: ServerResponse,
    frame: ReplyFrame,
    private readonly isStreamed: boolean,
  ) {
    this.#reply = isStreamed ? new StreamedReply(response, frame) : { say: () => undefined, end: () => undefined };
    this.#half = Math.ceil(frame.output.pieces.length / 2);
  }

  say(n: number): void {
    if (n <= this.#half) this.#reply.say(n);
  }

  end(): void {
    if (this.isStreamed)
      this.response.end(
        'data: {"id":"chatcmpl-0","choices":[{"delta":{"content":"\n\n<html>upstream went away</html>\n\n',
      );
    else
      this.response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"id":"chatcmpl-0","choices":[{"message":{"content":"');
  }
}

function headOf({ id, created, model }: ReplyFrame, object: string): object {
  return { id, object, created, model, system_fingerprint: 'praxis-simulator' };
}

function extrasOf(frame: ReplyFrame, pieces: readonly Piece[], from: number): object {
  const content = frame.wantsLogprobs
    ? pieces.map(({ text }, i) => ({
        token: text,
        logprob: logprobOf(frame, from + i),
        bytes: [...Buffer.from(text)],
        top_logprobs: [],
      }))
    : null;
  return {
    logprobs: content && { content },
    ...(frame.wantsTokenIds ? { token_ids: pieces.map((p) => tokenId(p.text)) } : {}),
  };
}

/** A model that is mostly sure of itself. */
function logprobOf({ seed, id }: ReplyFrame, n: number): number {
  return Math.log(1 - 0.5 * keyedRandom(seed, 'logprob', id, n) ** 4);
}

function usageOf({ input, cached, output }: Usage): object {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
  };
}
