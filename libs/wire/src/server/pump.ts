import { writeAll } from '../write-all.js';
import { callSignal, type StreamCall } from './server-call.js';

/**
 * Writes a source to a server stream.
 *
 * pump.1 A slow reader holds the source back: the next message is asked for only when the last one has left.
 * pump.2 When the caller is gone or its deadline has passed, the source's signal fires and the source is closed, even
 *        where it does not look at the signal.
 * pump.3 The promise ends quietly when the source is done or nobody reads; it fails with what the source threw. Ending
 *        the call is left to whoever called (grpc-js handler or Nest).
 * pump.4 What has left is forgotten: a stream may last for months.
 */
export function pump<T>(call: StreamCall<T>, source: (signal: AbortSignal) => AsyncIterable<T>): Promise<void> {
  return writeAll(call, callSignal(call), source);
}
