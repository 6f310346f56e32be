import { PraxisError, type ChatRequest, type Clock, type Json } from '@praxis/core';
import { NodeTrouble, ToolsRefused } from '../node-trouble.js';
import { AnswerBuilder, BadAnswer } from './answer-builder.js';
import { CallWatch } from './call-watch.js';
import { chatBody } from './chat-body.js';
import { Concessions, refusedField, refusesTools } from './concessions.js';
import { DIALECTS } from './dialect.js';
import { readVectors, type Embedding } from './embeddings.js';
import { ERROR_CAP, httpTrouble, retryAfterMs, shown } from './http-trouble.js';
import type { NodeEndpoint, NodePatience } from './node-endpoint.js';
import { UnsafeAddress, type Ask, type AskedResponse } from './node-network.js';
import type { RawAnswer } from './raw-answer.js';
import { awaitEnd, textPieces, textUpTo } from './read-body.js';
import { readCompletion } from './read-completion.js';
import { inputTokens, textTokens } from './token-estimate.js';

/** What a node has worked on for a request so far; kept up to date while it works, whatever the end is. */
export interface CallMeter {
  input: number;
  output: number;
}

/** Beside what is asked. */
export interface AskOptions {
  readonly signal: AbortSignal;
  readonly meter?: CallMeter;
  readonly onText?: (piece: string) => void;
  /** Told once, when the first piece of the answer is there. */
  readonly began?: () => void;
  /** Whether the node says that it works on calls now; it never does where this is left out. */
  readonly isAtWork?: () => boolean;
}

/** Bytes that a stream may have for a token, with all its wrapping and scores; and what every stream may have. */
const BYTES_PER_TOKEN = 4096;
const BYTES_AT_LEAST = 1024 * 1024;
/** Bytes of a number in a vector, generously. */
const VECTOR_BYTES = 256 * 1024;

/**
 * Speaks the OpenAI protocol with one node at a time.
 *
 * node-client.1 One request, one try: a request is sent again only where the server refused a field that can be left
 *               out.
 * node-client.2 What is wrong with the node is thrown as `NodeTrouble`, whose message never holds a key.
 * node-client.3 When the caller gives up, the connection is closed, and the call fails with `cancelled`.
 * node-client.4 Memory and time of a call are bounded, whatever the node sends.
 */
export class NodeClient {
  readonly #concessions = new Concessions();

  constructor(
    private readonly patience: NodePatience,
    private readonly clock: Clock,
    private readonly ask: Ask = fetch,
  ) {}

  /** Asks for an answer, which nobody has checked yet. */
  async chat(node: NodeEndpoint, model: string, request: ChatRequest, asked: AskOptions): Promise<RawAnswer> {
    const options = metered(asked);
    const without = this.#concessions.of(node.url, model);
    const input = inputTokens(request);
    for (;;) {
      const body = chatBody(model, request, DIALECTS[node.engine], without);
      const result = await this.#ask({ node, path: '/chat/completions', body, input }, options, (response, watch) => {
        const builder = new AnswerBuilder(input, request.maxTokens);
        return this.#readAnswer(node, response, builder, request.maxTokens, { ...options, watch });
      });
      if (result.kind === 'done') return result.value;
      const field = refusedField(result.status, result.text, body);
      if (field === null) throw refusal(node, result, body);
      without.add(field);
      this.#concessions.note(node.url, model, field);
    }
  }

  /** Asks for a vector of each text. */
  async embed(node: NodeEndpoint, model: string, texts: readonly string[], asked: AskOptions): Promise<Embedding> {
    const options = metered(asked);
    const input = texts.reduce((sum, text) => sum + textTokens(text), 0);
    const result = await this.#ask(
      { node, path: '/embeddings', body: { model, input: texts, encoding_format: 'float' }, input },
      options,
      async (response, watch) => {
        let text = '';
        for await (const piece of textPieces(response.body, BYTES_AT_LEAST + texts.length * VECTOR_BYTES)) {
          text += piece;
          watch.heard();
        }
        options.began?.();
        return readVectors(text, texts.length, input);
      },
    );
    if (result.kind === 'refused') throw httpTrouble(node, result.status, result.text, result.retryAfterMs);
    options.meter.input = result.value.tokens;
    return result.value;
  }

  async #readAnswer(
    node: NodeEndpoint,
    response: AskedResponse,
    builder: AnswerBuilder,
    maxTokens: number,
    options: Metered & { readonly watch: CallWatch },
  ): Promise<RawAnswer> {
    const { watch, meter, onText, began } = options;
    const pieces = textPieces(response.body, BYTES_AT_LEAST + maxTokens * BYTES_PER_TOKEN);
    let hasBegun = false;
    try {
      await readCompletion(node, pieces, builder, (text) => {
        if (builder.hasBegun) watch.heard();
        if (builder.hasBegun && !hasBegun) {
          hasBegun = true;
          began?.();
        }
        Object.assign(meter, builder.spent);
        if (text !== '') onText?.(text);
      });
      await awaitEnd(pieces);
    } catch (thrown) {
      if (!builder.isFinished || options.signal.aborted || thrown instanceof NodeTrouble || thrown instanceof BadAnswer)
        throw thrown;
      // The connection broke, or stayed silent, after the server had said that the answer is over.
    }
    const answer = builder.finish(onText);
    Object.assign(meter, { input: answer.usage.input, output: answer.usage.output });
    return answer;
  }

  async #ask<T>(
    { node, path, body, input }: Question,
    { meter, signal, isAtWork }: Metered,
    read: (response: AskedResponse, watch: CallWatch) => Promise<T>,
  ): Promise<Asked<T>> {
    const watch = new CallWatch(this.patience, signal, isAtWork);
    try {
      watch.signal.throwIfAborted();
      meter.input = input;
      const response = await this.ask(`${node.url}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream, application/json',
          ...(node.key === null ? {} : { authorization: `Bearer ${node.key}` }),
        },
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: watch.signal,
      });
      if (response.status === 200) return { kind: 'done', value: await read(response, watch) };
      meter.input = 0;
      return {
        kind: 'refused',
        status: response.status,
        text: await textUpTo(response.body, ERROR_CAP),
        retryAfterMs: retryAfterMs(response.headers.get('retry-after'), this.clock.now()),
      };
    } catch (thrown) {
      throw explain(thrown, node, watch, signal, meter);
    } finally {
      watch.close();
    }
  }
}

type Metered = AskOptions & { readonly meter: CallMeter };
const metered = (options: AskOptions): Metered => ({ ...options, meter: options.meter ?? { input: 0, output: 0 } });

interface Question {
  readonly node: NodeEndpoint;
  readonly path: string;
  readonly body: Json;
  /** Tokens, estimated. */
  readonly input: number;
}

type Asked<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string; readonly retryAfterMs: number | null };

/** A refusal as trouble; one that is about the tools in the request says so. */
function refusal(
  node: NodeEndpoint,
  { status, text, retryAfterMs: wait }: Extract<Asked<never>, { kind: 'refused' }>,
  body: object,
): NodeTrouble {
  const trouble = httpTrouble(node, status, text, wait);
  return refusesTools(status, text, body) ? new ToolsRefused('refused', trouble.message) : trouble;
}

const LATE = {
  begin: 'did not begin to answer',
  queue: 'was at work, and did not begin to answer',
  pause: 'stopped in the middle of its answer',
  whole: 'did not end its answer',
} as const;
/** Codes of a connection that never was: nothing was worked on. */
const NEVER_THERE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

/** What was thrown, as what it means to the caller. */
function explain(thrown: unknown, node: NodeEndpoint, watch: CallWatch, caller: AbortSignal, meter: CallMeter): Error {
  if (watch.late !== null)
    return new NodeTrouble('timeout', `Node ${node.name} ${LATE[watch.late]} within ${watch.limitMs} ms`, {
      usage: { ...meter },
    });
  if (caller.aborted) return new PraxisError('cancelled', 'The call of the model was cancelled.');
  if (thrown instanceof NodeTrouble) return thrown;
  if (thrown instanceof BadAnswer)
    return new NodeTrouble('broken', `Node ${node.name} gave no proper answer: ${shown(thrown.message, node.key)}`, {
      usage: { ...meter },
    });
  if (thrown instanceof TypeError && thrown.cause instanceof UnsafeAddress) {
    Object.assign(meter, { input: 0, output: 0 });
    return new NodeTrouble('unreachable', `Node ${node.name} is not asked: ${thrown.cause.message}`, {
      usage: { ...meter },
      cause: thrown,
    });
  }
  const code = networkCode(thrown);
  if (code === null)
    return thrown instanceof PraxisError
      ? thrown
      : new PraxisError('bug', `Node ${node.name} was not asked: ${shown(String(thrown), node.key)}`);
  if (NEVER_THERE.has(code)) Object.assign(meter, { input: 0, output: 0 });
  const kind = code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' ? 'timeout' : 'unreachable';
  // Only the code: messages of the network may quote what was sent.
  return new NodeTrouble(kind, `Node ${node.name} cannot be reached, or its connection broke (${code})`, {
    usage: { ...meter },
    cause: thrown,
  });
}

/** The network's code inside what `fetch` throws; null for what does not come from the network. */
function networkCode(thrown: unknown): string | null {
  if (!isObject(thrown) || thrown.name !== 'TypeError') return null;
  const { cause } = thrown;
  const code = codeOf(cause) ?? (isObject(cause) && Array.isArray(cause.errors) ? codeOf(cause.errors[0]) : null);
  return code ?? (/fetch failed|terminated/.test(String(thrown.message)) ? 'no reason given' : null);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const codeOf = (value: unknown): string | null =>
  isObject(value) && typeof value.code === 'string' ? value.code : null;
