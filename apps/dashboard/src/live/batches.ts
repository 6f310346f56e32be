import { setTimeout as sleep } from 'node:timers/promises';

/** A batch is full with so much JSON, or so many entries: enough to be cheap, too little to hurt anybody's memory. */
const FULL_CHARS = 256 * 1024;
const FULL_ENTRIES = 500;

/**
 * JSON lists of what comes within `batchMs` of each other, in order. Nothing is read ahead of who takes the batches but
 * the one entry that is awaited; what came before a failure is given before it.
 */
export async function* batches(source: AsyncIterable<unknown>, batchMs: number): AsyncGenerator<string> {
  const entries = source[Symbol.asyncIterator]();
  let coming = entries.next();
  try {
    for (;;) {
      const first = await coming;
      if (first.done === true) return;
      const batch = [JSON.stringify(first.value)];
      coming = entries.next();
      // It is awaited in the next round at the latest; until then its failure is nobody's.
      coming.catch(() => undefined);
      let chars = batch[0]!.length;
      const late = new AbortController();
      const due = sleep(batchMs, null, { signal: late.signal }).catch(() => null);
      while (chars < FULL_CHARS && batch.length < FULL_ENTRIES) {
        const next = await Promise.race([coming, due]).catch(() => null);
        if (next === null || next.done === true) break;
        const text = JSON.stringify(next.value);
        batch.push(text);
        chars += text.length;
        coming = entries.next();
        coming.catch(() => undefined);
      }
      late.abort();
      yield `[${batch.join(',')}]`;
    }
  } finally {
    // A source that waits for its next entry ends with its own signal; here nobody waits for it.
    void entries.return?.(undefined)?.catch(() => undefined);
  }
}
