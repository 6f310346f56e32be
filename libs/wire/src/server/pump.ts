import { callSignal, type StreamCall } from './server-call.js';

/**
 * Writes a source to a server stream.
 *
 * P1 A slow reader holds the source back: the next message is asked for only when the last one has left.
 * P2 When the caller is gone or its deadline has passed, the source's signal fires and the source is closed, even where
 *    it does not look at the signal.
 * P3 The promise ends quietly when the source is done or nobody reads; it fails with what the source threw. Ending the
 *    call is left to whoever called (grpc-js handler or Nest).
 * P4 What has left is forgotten: a stream may last for months.
 */
export function pump<T>(call: StreamCall<T>, source: (signal: AbortSignal) => AsyncIterable<T>): Promise<void> {
  return write(call, callSignal(call), source);
}

async function write<T>(call: StreamCall<T>, signal: AbortSignal, source: (signal: AbortSignal) => AsyncIterable<T>): Promise<void> {
  const iterator = source(signal)[Symbol.asyncIterator]();
  try {
    while (!signal.aborted) {
      const next = await unlessGone(signal, iterator.next());
      if (next === null || next.done) return;
      if (!call.write(next.value)) await drained(call, signal);
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    // Not awaited: a generator that hangs in its own await would never give the call back.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

async function drained<T>(call: StreamCall<T>, signal: AbortSignal): Promise<void> {
  let listener = (): void => undefined;
  const drain = new Promise<void>((resolve) => {
    listener = resolve;
  });
  call.once('drain', listener);
  await unlessGone(signal, drain);
  call.off('drain', listener);
}

/** Null as soon as the signal fires. No `Promise.race`: with one promise for the whole stream, that would keep every message. */
function unlessGone<R>(signal: AbortSignal, coming: Promise<R>): Promise<R | null> {
  return new Promise((resolve, reject) => {
    const leave = (): void => resolve(null);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    void coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
