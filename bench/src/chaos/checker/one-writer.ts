import type { StepEvent } from '@praxis/core';
import { only, runOf, subgoalsOf, type History, type Noted } from '../history.js';
import type { Law } from './law.js';

/** Every stream tells one story: no gaps, one beginning, one end, every step decided once and answered once. */
export const oneWriter: Law = {
  name: 'each stream has one writer at a time',
  check: (history) => [
    ...gaps(history),
    ...runFaults(history),
    ...[...subgoalsOf(history)].flatMap(([id, events]) => [...stepFaults(id, events)]),
  ],
};

function* gaps({ streams }: History): Iterable<string> {
  for (const [stream, events] of streams) {
    const at = events.findIndex((e, i) => e.position !== i);
    if (at >= 0) yield `${stream} has position ${String(events[at]!.position)} where ${String(at)} should be`;
    const back = events.findIndex((e, i) => i > 0 && e.at < events[i - 1]!.at);
    if (back >= 0) yield `${stream}#${String(back)} is older than the event before it`;
  }
}

function* runFaults(history: History): Iterable<string> {
  const events = runOf(history);
  if (events.length === 0) return;
  if (events[0]!.event.type !== 'accepted') yield `the run begins with ${events[0]!.event.type}`;
  for (const type of ['accepted', 'opened', 'ended'] as const)
    if (only(events, type).length > 1) yield `the run has ${String(only(events, type).length)} events ${type}`;
  if (only(events, 'ended').length > 0 && events.at(-1)!.event.type !== 'ended') yield 'the run goes on after its end';
  for (const type of ['dispatched', 'settled'] as const) {
    const names = only(events, type).map((e) => `${e.node}.${String(e.attempt)}`);
    for (const name of repeated(names)) yield `${name} is ${type} twice`;
  }
}

function* stepFaults(id: string, events: readonly Noted<StepEvent>[]): Iterable<string> {
  // A subgoal that could not even be opened has an end and nothing else.
  if (events[0]!.event.type !== 'opened' && events[0]!.event.type !== 'ended')
    yield `${id} begins with ${events[0]!.event.type}`;
  for (const type of ['opened', 'ended'] as const) if (only(events, type).length > 1) yield `${id} is ${type} twice`;
  if (only(events, 'ended').length > 0 && events.at(-1)!.event.type !== 'ended') yield `${id} goes on after its end`;
  yield* decisionFaults(id, events);
}

/** Every step has one decision, one key and one answer. */
function* decisionFaults(id: string, events: readonly Noted<StepEvent>[]): Iterable<string> {
  const steps = only(events, 'decided').map((e) => e.step);
  if (steps.some((step, i) => step !== i)) yield `${id} decides the steps ${steps.join(', ')}`;
  for (const step of repeated(only(events, 'observed').map((e) => String(e.step))))
    yield `step ${step} of ${id} is observed twice`;
  for (const step of only(events, 'observed').map((e) => e.step))
    if (!steps.includes(step)) yield `step ${String(step)} of ${id} is observed and was never decided`;
  for (const { step, key } of only(events, 'tried'))
    if (only(events, 'tried').some((e) => e.step === step && e.key !== key))
      yield `step ${String(step)} of ${id} is tried under two keys`;
}

const repeated = (names: readonly string[]): readonly string[] => names.filter((name, i) => names.indexOf(name) < i);
