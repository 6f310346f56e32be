/** The end of a stream into which messages are written; grpc-js's calls of both ends fit. */
export interface MessageSink<T> {
  /** False where the next message should wait for `drain`. */
  write(message: T): boolean;
  once(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/**
 * Writes a source into a stream and asks for each message only when the last one has left. Ends quietly when the source
 * is done or the signal fires, and closes the source even where that does not look at the signal; fails with what the
 * source threw before.
 */
export async function writeAll<T>(
  sink: MessageSink<T>,
  signal: AbortSignal,
  source: (signal: AbortSignal) => AsyncIterable<T>,
): Promise<void> {
  const iterator = source(signal)[Symbol.asyncIterator]();
  try {
    while (!signal.aborted) {
      const next = await unlessGone(signal, iterator.next());
      if (next === null || next.done) return;
      if (!sink.write(next.value)) await drained(sink, signal);
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    // Not awaited: a generator that hangs in its own await would never give the call back.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

async function drained<T>(sink: MessageSink<T>, signal: AbortSignal): Promise<void> {
  let listener = (): void => undefined;
  const drain = new Promise<void>((resolve) => {
    listener = resolve;
  });
  sink.once('drain', listener);
  await unlessGone(signal, drain);
  sink.off('drain', listener);
}

/**
 * Null as soon as the signal fires. No `Promise.race`: with one promise for the whole stream, that would keep every
 * message.
 */
function unlessGone<R>(signal: AbortSignal, coming: Promise<R>): Promise<R | null> {
  return new Promise((resolve, reject) => {
    const leave = (): void => resolve(null);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    void coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
