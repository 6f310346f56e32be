import type { Metadata } from '@grpc/grpc-js';
import { PraxisError } from '@praxis/core';

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
  return isLate ? new PraxisError('timeout', 'The deadline of the call has passed.') : new PraxisError('cancelled', 'The caller is gone.');
}

/** Answers a unary call with a signal that fires when nobody waits any more. */
export function answer<T>(call: ServerCall, handler: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return handler(callSignal(call));
}
