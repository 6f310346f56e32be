import type { Metadata, ServiceError } from '@grpc/grpc-js';
import { PraxisError, faultPoint } from '@praxis/core';
import { toServiceError } from '../service-error.js';

/** The part of a gRPC call that handlers need; grpc-js's own calls and those that Nest hands on fit. */
export interface ServerCall {
  readonly cancelled: boolean;
  readonly metadata: Metadata;
  getDeadline(): Date | number;
  once(event: string, listener: () => void): unknown;
}

/** A call that is answered by a stream of messages. */
export interface StreamCall<T> extends ServerCall {
  write(message: T): boolean;
  off(event: string, listener: () => void): unknown;
}

/** A call whose request is a stream of messages; what is not read yet holds the caller back. */
export interface UploadCall<T> extends ServerCall, AsyncIterable<T> {}

/** One method of a service: a message and its call in, a message out. It throws PraxisErrors. */
export type Method<Request, Response> = (request: Request, call: ServerCall) => Promise<Response>;

/** Takes the answer of a call, or why there is none. */
export type ReplyCallback<T> = (error: ServiceError | null, response?: T | null) => void;

/** Fires when the caller is gone or its deadline has passed; also when the call is over, which no longer matters. */
export function callSignal(call: ServerCall): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => controller.abort(reasonOf(call));
  if (call.cancelled) stop();
  else call.once('cancelled', stop);
  return controller.signal;
}

/** The caller's timer usually fires a moment before ours, so that its cancelling arrives first. */
const DEADLINE_SLACK_MS = 250;

function reasonOf(call: ServerCall): PraxisError {
  const isLate = Number(call.getDeadline()) - DEADLINE_SLACK_MS <= Date.now();
  return isLate
    ? new PraxisError('timeout', 'The deadline of the call has passed.')
    : new PraxisError('cancelled', 'The caller is gone.');
}

/** Answers a unary call with a signal that fires when nobody waits any more. */
export async function answer<T>(call: ServerCall, handler: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const given = await handler(callSignal(call));
  await faultPoint('reply.before-send');
  return given;
}

/** Tells a call's callback what came of it. */
export function reply<T>(callback: ReplyCallback<T>, coming: Promise<T>): Promise<void> {
  return coming.then(
    (response) => callback(null, response),
    (thrown: unknown) => callback(toServiceError(thrown)),
  );
}

/** The messages of a request; fails with the signal's reason where the caller leaves in the middle. */
export async function* received<T>(call: UploadCall<T>, signal: AbortSignal): AsyncGenerator<T> {
  try {
    yield* call;
  } catch (thrown) {
    throw signal.aborted ? signal.reason : thrown;
  }
}
