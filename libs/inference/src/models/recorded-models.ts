import { PraxisError, type Models } from '@praxis/core';
import { inputTokens } from '../client/token-estimate.js';
import { parseRecording, replyOf, type RecordedLine } from './recording.js';
import { commonLength, embedText, requestHash, requestText } from './request-text.js';
import { tokenCost } from './tries.js';

/**
 * Models that give recorded answers instead of asking anybody.
 *
 * recorded-models.1 The k-th of equal requests gets the k-th recorded answer; when there are no more, the last one
 *                   again.
 * recorded-models.2 A request that was not recorded is never guessed at: it fails with `missing`, and says how it
 *                   differs from the nearest.
 */
export function recordedModels(recording: string): Models {
  const tape = new Tape(parseRecording(recording));
  return {
    call: async (call) => {
      if (call.signal.aborted) throw new PraxisError('cancelled', 'The call of the model was cancelled.');
      const reply = replyOf(tape.next('call', requestText(call)));
      if (reply.answer !== null && reply.answer.text !== '') call.onText?.(reply.answer.text);
      return reply;
    },
    embed: async (texts, _place, signal) => {
      if (signal.aborted) throw new PraxisError('cancelled', 'The call of the model was cancelled.');
      const { vectors, cost } = tape.next('embed', embedText(texts));
      return { vectors, cost };
    },
    // A recording knows no prices: what a call did cost stands in its reply.
    estimate: ({ request }) => tokenCost(inputTokens(request), request.maxTokens, null),
  };
}

type Kind = RecordedLine['kind'];
type LineOf<K extends Kind> = Extract<RecordedLine, { kind: K }>;

class Tape {
  readonly #lines = new Map<string, RecordedLine[]>();
  readonly #given = new Map<string, number>();

  constructor(private readonly all: readonly RecordedLine[]) {
    for (const line of all) this.#lines.set(line.hash, [...(this.#lines.get(line.hash) ?? []), line]);
    for (const lines of this.#lines.values()) lines.sort((a, b) => a.nth - b.nth);
  }

  next<K extends Kind>(kind: K, text: string): LineOf<K> {
    const hash = requestHash(text);
    const lines = (this.#lines.get(hash) ?? []).filter((line): line is LineOf<K> => line.kind === kind);
    if (lines.length === 0) throw this.#miss(kind, text);
    const given = this.#given.get(hash) ?? 0;
    this.#given.set(hash, given + 1);
    return lines[Math.min(given, lines.length - 1)]!;
  }

  #miss(kind: Kind, text: string): PraxisError {
    const of = this.all.filter((line) => line.kind === kind);
    if (of.length === 0)
      return new PraxisError(
        'missing',
        `There is nothing like this request in the recording, which holds ${this.all.length} lines. Record again.`,
      );
    const near = of
      .map((line) => ({ line, length: commonLength(line.text, text) }))
      .reduce((best, next) => (next.length > best.length ? next : best));
    const { line, length } = near;
    const place = this.all.indexOf(line) + 1;
    const [was, is] = [around(line.text, length), around(text, length)];
    return new PraxisError(
      'missing',
      `This request is not in the recording. The nearest one (answer ${place}, ${line.hash.slice(0, 12)}) is the same for ${length} characters, then has ${was} where this one has ${is}. Find out what changed, or record again.`,
      { details: { nearest: line.hash, common: length } },
    );
  }
}

/** Characters that are shown of a difference. */
const SHOWN = 60;

const around = (text: string, at: number): string =>
  at >= text.length ? 'nothing more' : JSON.stringify(text.slice(Math.max(0, at - SHOWN / 3), at + SHOWN));
