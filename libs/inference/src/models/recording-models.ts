import { appendFile } from 'node:fs/promises';
import type { Models } from '@praxis/core';
import { printLine, type RecordedLine } from './recording.js';
import { embedText, requestHash, requestText } from './request-text.js';

/** Where lines of a recording go, one after the other. */
export type LineSink = (line: string) => Promise<void>;

/**
 * A file to which lines are appended in the order in which they are given; readable by its owner only, as prompts are
 * in it.
 */
export function fileSink(path: string): LineSink {
  let last: Promise<void> = Promise.resolve();
  return (line) => {
    const written = last.then(() => appendFile(path, line, { mode: 0o600 }));
    // One line that cannot be written fails its own call; the next ones try for themselves.
    last = written.catch(() => undefined);
    return written;
  };
}

/** Models that keep every answer of others, for `recordedModels`. A call that fails is not kept. */
export function recordingModels(models: Models, sink: LineSink): Models {
  const made = new Map<string, number>();
  const begin = (text: string): Pick<RecordedLine, 'version' | 'hash' | 'nth' | 'text'> => {
    const hash = requestHash(text);
    const nth = (made.get(hash) ?? 0) + 1;
    made.set(hash, nth);
    return { version: 1, hash, nth, text };
  };
  return {
    call: async (call) => {
      const line = begin(requestText(call));
      const reply = await models.call(call);
      await sink(printLine({ kind: 'call', ...line, reply: structuredClone(reply) as never }));
      return reply;
    },
    embed: async (texts, place, signal) => {
      const line = begin(embedText(texts));
      const made = await models.embed(texts, place, signal);
      await sink(printLine({ kind: 'embed', ...line, vectors: made.vectors.map((v) => [...v]), cost: made.cost }));
      return made;
    },
    estimate: (call) => models.estimate(call),
  };
}
