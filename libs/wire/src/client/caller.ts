import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Metadata, type ChannelOptions, type ServiceError } from '@grpc/grpc-js';
import { PraxisError } from '@praxis/core';
import { addTrace } from '../call-context.js';
import { MAX_MESSAGE_BYTES } from '../message-limit.js';
import { bearer, channelSecurity, type ClientSecurity } from '../security.js';
import { fromServiceError, type Peer } from '../service-error.js';
import { writeAll } from '../write-all.js';

/** Waits between attempts of a call that may be repeated, in milliseconds. */
const BACKOFF = [100, 300, 900] as const;

/** How a client calls. */
export interface ClientOptions {
  /** How long a call may take, repeats included, in milliseconds; default 10 000. Streams have no limit. */
  readonly deadlineMs?: number;
  /** Without it, calls are plain and show no key. */
  readonly security?: ClientSecurity | undefined;
}

/** Ends a client's connection. */
export interface Closable {
  close(): void;
}

/** The part of a generated method definition that a client needs. */
export interface Rpc<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (value: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** Whether a call may be made again where the server could not be reached, what stops it, and how long it may take. */
export interface CallRules {
  readonly repeatable: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's own. */
  readonly deadlineMs?: number;
}

/** Makes calls to one server and turns their failures into PraxisErrors. */
export class Caller implements Closable {
  private readonly client: Client;
  private readonly deadlineMs: number;
  private readonly peer: Peer;
  private readonly authorization: string | null;
  #hasAnswered = false;

  constructor(peer: Peer, options: ClientOptions, channel: ChannelOptions = {}) {
    const { tls = null, key = null } = options.security ?? {};
    const secure = channelSecurity(tls, peer.address);
    this.peer = { ...peer, isSecure: tls !== null };
    this.authorization = key === null ? null : bearer(key);
    this.deadlineMs = options.deadlineMs ?? 10_000;
    this.client = new Client(peer.address, secure.credentials, {
      ...secure.options,
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 2000,
      ...channel,
    });
  }

  /** Whether the server was ever there: then it is worth waiting for. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** One answer; repeated with growing waits where the rules allow it and the server is unavailable. */
  async ask<Request, Response>(rpc: Rpc<Request, Response>, request: Request, rules: CallRules): Promise<Response> {
    const deadline = Date.now() + (rules.deadlineMs ?? this.deadlineMs);
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.askOnce(rpc, request, deadline, rules.signal);
      } catch (thrown) {
        const wait = BACKOFF[attempt];
        const isHopeless = !rules.repeatable || PraxisError.from(thrown).code !== 'unavailable' || wait === undefined;
        if (isHopeless || Date.now() + wait >= deadline) throw thrown;
        await sleep(wait, undefined, { signal: rules.signal });
      }
    }
  }

  private askOnce<Request, Response>(
    rpc: Rpc<Request, Response>,
    request: Request,
    deadline: number,
    signal?: AbortSignal,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(stopped(signal));
      const call = this.client.makeUnaryRequest(
        rpc.path,
        rpc.requestSerialize,
        rpc.responseDeserialize,
        request,
        this.metadata(),
        { deadline },
        (error, response) => {
          signal?.removeEventListener('abort', stop);
          if (error === null) {
            this.#hasAnswered = true;
            return resolve(response!);
          }
          reject(signal?.aborted ? stopped(signal) : this.translate(error, rpc));
        },
      );
      const stop = (): void => call.cancel();
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** A stream of answers; a reader that stops reading cancels it, and a slow one slows the server. */
  async *follow<Request, Response>(
    rpc: Rpc<Request, Response>,
    request: Request,
    signal: AbortSignal,
  ): AsyncGenerator<Response> {
    if (signal.aborted) return;
    const call = this.client.makeServerStreamRequest(
      rpc.path,
      rpc.requestSerialize,
      rpc.responseDeserialize,
      request,
      this.metadata(),
    );
    // Cancelling ends the call with an error after the loop has gone, when nobody else listens.
    call.on('error', () => undefined);
    const stop = (): void => call.cancel();
    signal.addEventListener('abort', stop, { once: true });
    try {
      yield* call as AsyncIterable<Response>;
    } catch (thrown) {
      if (!signal.aborted) throw this.translate(thrown as ServiceError, rpc);
    } finally {
      signal.removeEventListener('abort', stop);
      call.cancel();
    }
  }

  /**
   * A stream of messages and one answer; a slow server slows the source. Once the server has answered it wants no more.
   * Fails with what the source threw, and the server is told.
   */
  send<Request, Response>(
    rpc: Rpc<Request, Response>,
    messages: AsyncIterable<Request>,
    signal: AbortSignal,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(stopped(signal));
      const answered = new AbortController();
      const call = this.client.makeClientStreamRequest(
        rpc.path,
        rpc.requestSerialize,
        rpc.responseDeserialize,
        this.metadata(),
        (error, response) => {
          signal.removeEventListener('abort', stop);
          answered.abort();
          if (error === null) return resolve(response!);
          reject(signal.aborted ? stopped(signal) : this.translate(error, rpc));
        },
      );
      const stop = (): void => call.cancel();
      signal.addEventListener('abort', stop, { once: true });
      writeAll(call, answered.signal, () => messages).then(
        () => void (answered.signal.aborted || call.end()),
        (thrown: unknown) => {
          reject(thrown);
          call.cancel();
        },
      );
    });
  }

  /** Ends the connection; calls under way fail with `cancelled`. */
  close(): void {
    this.client.close();
  }

  private metadata(): Metadata {
    const made = new Metadata();
    addTrace(made);
    if (this.authorization !== null) made.set('authorization', this.authorization);
    return made;
  }

  private translate(error: ServiceError, rpc: { readonly path: string }): PraxisError {
    return fromServiceError(error, this.peer, rpc.path.slice(rpc.path.lastIndexOf('/') + 1));
  }
}

/** What a call that its own caller stopped fails with. */
export function stopped(signal: AbortSignal): PraxisError {
  const cause: unknown = signal.reason;
  const isLate = cause instanceof Error && cause.name === 'TimeoutError';
  return isLate
    ? new PraxisError('timeout', 'The call took longer than its caller allowed.', { cause })
    : new PraxisError('cancelled', 'The call was cancelled.', { cause });
}
