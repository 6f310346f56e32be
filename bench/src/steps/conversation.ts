import { createLogger } from '@praxis/platform';
import { linkAnswer, linkTranscript, stepEvents, subgoalStream, type Json } from '@praxis/core';
import { openStore } from '@praxis/store';
import type { Meter } from './meter.js';

/** How much was stored once so many calls were made. */
export interface Stored {
  readonly calls: number;
  readonly bytes: number;
}

/** A token is about four characters. */
const TOKEN_CHARACTERS = 4;

/**
 * Has a conversation: each call is given all that was said before and one more message, and its answer is the next
 * message. Gives the size of journal and blobs, indexes and all, after each tenth of the calls.
 */
export async function measureConversation(
  url: string,
  meter: Meter,
  { calls, tokens }: { readonly calls: number; readonly tokens: number },
): Promise<readonly Stored[]> {
  const store = await openStore({
    url,
    log: createLogger({ level: 'error', name: 'bench' }),
    clock: { now: () => Date.now() },
  });
  const stream = subgoalStream(`r-talk${process.pid}.1.1.1`);
  const length = Math.floor((tokens * TOKEN_CHARACTERS) / calls / 2);
  const kept = new Set<string>();
  const messages: Json[] = [];
  const stored: Stored[] = [];
  const empty = await sizeOf(meter);
  try {
    for (let call = 1; call <= calls; call++) {
      messages.push({ role: 'user', content: babble(2 * call, length) });
      const { head, links } = linkTranscript(messages, (sha256) => kept.has(sha256));
      const answer: Json = { role: 'assistant', content: babble(2 * call + 1, length) };
      const last = linkAnswer(head, answer);
      await store.blobs.keep([...links, last]);
      for (const { sha256 } of [...links, last]) kept.add(sha256);
      messages.push(answer);
      const event = stepEvents.encode({
        type: 'proposed',
        id: `c${call}`,
        candidates: [],
        note: '',
        call: { prompt: head!, answer: last.sha256 },
      });
      await store.journal.append(stream, call - 1, [event]);
      if (call % (calls / 10) === 0) stored.push({ calls: call, bytes: (await sizeOf(meter)) - empty });
    }
  } finally {
    await store.close();
  }
  return stored;
}

/** Bytes per call, between two measurements or from the beginning. */
export const slope = (to: Stored, from: Stored = { calls: 0, bytes: 0 }): number =>
  (to.bytes - from.bytes) / (to.calls - from.calls);

async function sizeOf(meter: Meter): Promise<number> {
  const [row] = await meter.ask<{ bytes: number }>(
    "select (pg_total_relation_size('events') + pg_total_relation_size('blobs'))::float8 as bytes",
  );
  return row!.bytes;
}

/** Text without repetition, which no compression makes small, and the same each time. */
function babble(seed: number, length: number): string {
  let state = seed * 2654435761;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += state.toString(36);
    if (state % 3 === 0) text += ' ';
  }
  return text.slice(0, length);
}
