import { runEvents, stepEvents, type RunEvent, type StepEvent, type StoredEvent } from '@praxis/core';
import type * as pb from './gen/praxis/v1/events.js';
import { need } from './convert/parse.js';
import { fromRunEvent, toRunEvent } from './convert/run-event.js';
import { fromStepEvent, toStepEvent } from './convert/step-event.js';

/** An event of the journal, decoded: `run` for a run's own stream, `step` for a subgoal's or a planning's. */
export type WatchedEvent = {
  readonly stream: string;
  readonly position: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
} & ({ readonly kind: 'run'; readonly event: RunEvent } | { readonly kind: 'step'; readonly event: StepEvent });

/** Decodes what the journal holds, so that a planner can stream it. */
export function readEvent(stored: StoredEvent): WatchedEvent {
  const { stream, position, at } = stored;
  if (stream.startsWith('run/')) return { stream, position, at, kind: 'run', event: runEvents.decode(stored) };
  return { stream, position, at, kind: 'step', event: stepEvents.decode(stored) };
}

/** True for the event after which a run's watch ends. */
export function isLastEvent(watched: WatchedEvent): boolean {
  return watched.kind === 'run' && watched.event.type === 'ended';
}

/** An event for the wire. */
export function toEvent(watched: WatchedEvent): pb.Event {
  const { stream, position, at } = watched;
  const body: pb.Event['body'] =
    watched.kind === 'run'
      ? { $case: 'run', value: toRunEvent(watched.event) }
      : { $case: 'step', value: toStepEvent(watched.event) };
  return { stream, position, atMs: at, body };
}

/** An event from the wire. */
export function fromEvent(message: pb.Event): WatchedEvent {
  const { stream, position, atMs: at } = message;
  const body = need('event.body', message.body);
  if (body.$case === 'run') return { stream, position, at, kind: 'run', event: fromRunEvent(body.value) };
  return { stream, position, at, kind: 'step', event: fromStepEvent(body.value) };
}
