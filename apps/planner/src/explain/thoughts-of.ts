import { stepEvents, type KeptThought, type StepEvent, type StoredEvent } from '@praxis/core';
import type { PendingEffect } from '@praxis/strategy';
import type { ExplainedThought } from '@praxis/wire';
import { aboutLine, resultLines, type ThoughtEvent } from './result-lines.js';

/** A thought as its stream tells it; what is kept of the model's part is to be looked up. */
export interface ToldThought {
  readonly thought: Omit<ExplainedThought, 'record' | 'gone'>;
  readonly call: KeptThought | null;
}

/** A stream with what its strategy asked for. */
export interface ToldStream {
  readonly events: readonly StoredEvent[];
  readonly effects: ReadonlyMap<string, PendingEffect>;
}

interface Place {
  readonly event: StepEvent;
  readonly stored: StoredEvent;
  readonly index: number;
}

const KINDS = { proposed: 'propose', scored: 'evaluate', verified: 'verify' } as const satisfies Record<
  ThoughtEvent['type'],
  ExplainedThought['kind']
>;

const isThought = (event: StepEvent): event is ThoughtEvent => event.type in KINDS;

/**
 * The thoughts that led to the decision at a position: what was thought since the decision before it. Where nothing was
 * proposed since then, the decision came out of an earlier proposal, and what was thought of that one comes first.
 */
export function thoughtsOfStep(stream: ToldStream, position: number): readonly ToldThought[] {
  const places = stream.events.map((stored, index): Place => ({ event: stepEvents.decode(stored), stored, index }));
  const decision = places.findIndex(({ stored }) => stored.position === position);
  const step = stepOf(places[decision]!.event);
  // What a person edited is decided once more, under the same number.
  const before = places
    .slice(0, decision)
    .findLastIndex(({ event }) => event.type === 'decided' && event.step !== step);
  const own = places.slice(before + 1, decision);
  if (own.some(({ event }) => event.type === 'proposed')) return told(own, stream, false);
  const proposal = places.slice(0, before + 1).findLastIndex(({ event }) => event.type === 'proposed');
  if (proposal === -1) return told(own, stream, false);
  const until = places.findIndex(({ event, index }) => index > proposal && event.type === 'decided');
  return [...told(places.slice(proposal, until), stream, true), ...told(own, stream, false)];
}

/** All thoughts of a stream. */
export function thoughtsOfStream(stream: ToldStream): readonly ToldThought[] {
  return told(
    stream.events.map((stored, index) => ({ event: stepEvents.decode(stored), stored, index })),
    stream,
    false,
  );
}

const stepOf = (event: StepEvent): number | null => (event.type === 'decided' ? event.step : null);

function told(places: readonly Place[], { events, effects }: ToldStream, isEarlier: boolean): readonly ToldThought[] {
  return places.flatMap(({ event, stored, index }) => {
    if (!isThought(event)) return [];
    const effect = effects.get(event.id);
    const thought = {
      id: event.id,
      kind: KINDS[event.type],
      by: effect && 'by' in effect ? effect.by : '',
      about: aboutLine(effect),
      isEarlier,
      at: stored.at,
      tookMs: Math.max(0, stored.at - (events[index - 1]?.at ?? stored.at)),
      results: resultLines(event, effect),
      note: event.type === 'proposed' ? event.note : '',
      spent: event.spent ?? null,
    };
    return [{ thought, call: event.call ?? null }];
  });
}
