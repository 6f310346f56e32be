import { PraxisError, type Action, type Question, type RunId, type SubgoalId } from '@praxis/core';
import type { ForkPoint, GcReport, GcRequest, RunView, WatchedEvent } from '@praxis/wire';

/** A run of a planner in memory. */
export interface MemoryRun {
  view: RunView;
  readonly events: WatchedEvent[];
  /** Events of each of its streams. */
  readonly lengths: Map<string, number>;
  /** The run that it was forked from. */
  readonly parent: RunId | null;
}

/** A question as the events of a run tell it. */
export interface AskedQuestion {
  readonly question: Question;
  readonly subgoal: SubgoalId | null;
  readonly askedAt: number;
  readonly reminders: number;
  readonly isOpen: boolean;
}

const subgoalOf = (stream: string): SubgoalId | null =>
  stream.startsWith('subgoal/') ? stream.slice('subgoal/'.length) : null;

/** All questions of a run, oldest first. */
export function questionsOf(events: readonly WatchedEvent[]): readonly AskedQuestion[] {
  const asked = new Map<string, AskedQuestion>();
  for (const { stream, at, event } of events) {
    if (event.type === 'asked')
      asked.set(event.question.id, {
        question: event.question,
        subgoal: subgoalOf(stream),
        askedAt: at,
        reminders: 0,
        isOpen: true,
      });
    const about = 'question' in event && typeof event.question === 'string' ? asked.get(event.question) : undefined;
    if (about && event.type === 'reminded') asked.set(about.question.id, { ...about, reminders: about.reminders + 1 });
    if (about && event.type === 'answered') asked.set(about.question.id, { ...about, isOpen: false });
  }
  return [...asked.values()];
}

/** What a run did, in order. */
export function actionsOf(events: readonly WatchedEvent[]): readonly Action[] {
  return events.flatMap(({ event }) => (event.type === 'decided' ? [event.action] : []));
}

/** The events before the decision of a step; fails with `missing` where there is none. */
export function before(events: readonly WatchedEvent[], at: ForkPoint): readonly WatchedEvent[] {
  const counts = (e: WatchedEvent): boolean =>
    e.event.type === 'decided' && (!('subgoal' in at) || subgoalOf(e.stream) === at.subgoal);
  const place = events.findIndex((e, i) => counts(e) && events.slice(0, i).filter(counts).length === at.step);
  if (place === -1) throw new PraxisError('missing', `There is no step ${at.step}.`);
  return events.slice(0, place);
}

/** An event of a run as one of another run. */
export function moved(event: WatchedEvent, from: RunId, to: RunId): WatchedEvent {
  return { ...event, stream: event.stream.replace(`/${from}`, `/${to}`) };
}

/** A run as lines of JSON. */
export function linesOf({ view, events, parent }: MemoryRun): readonly string[] {
  return [JSON.stringify({ view, parent }), ...events.map((event) => JSON.stringify(event))];
}

/** A run from lines of JSON; fails with `invalid` where they are not such. */
export function runOfLines(lines: readonly string[]): MemoryRun {
  try {
    const { view, parent } = JSON.parse(lines[0] ?? '') as Pick<MemoryRun, 'view' | 'parent'>;
    const events = lines.slice(1).map((line) => JSON.parse(line) as WatchedEvent);
    const lengths = new Map(events.map((e) => [e.stream, e.position + 1]));
    if (typeof view.summary.id !== 'string') throw new Error('no run');
    return { view, events, lengths, parent };
  } catch (cause) {
    throw new PraxisError('invalid', 'This is not the file of a run; take one that `praxis export` wrote.', { cause });
  }
}

/** What there is to clear away; ages are counted from the `endedAt` that a test gave. */
export function garbageOf(
  runs: ReadonlyMap<RunId, MemoryRun>,
  { maxAgeMs, maxBytes }: GcRequest,
  now: number,
): GcReport {
  const size = (ids: Iterable<RunId>): number =>
    [...ids].reduce((sum, id) => sum + linesOf(runs.get(id)!).join('\n').length, 0);
  const ended = [...runs.values()]
    .map((r) => r.view.summary)
    .filter((r) => r.endedAt !== null)
    .sort((a, b) => a.endedAt! - b.endedAt!);
  const stay = new Set(runs.keys());
  const kept: RunId[] = [];
  for (const { id, endedAt } of ended) {
    const isDue = (maxAgeMs !== null && now - endedAt! > maxAgeMs) || (maxBytes !== null && size(stay) > maxBytes);
    if (!isDue) continue;
    if ([...runs].some(([child, run]) => run.parent === id && stay.has(child))) kept.push(id);
    else stay.delete(id);
  }
  const gone = [...runs.keys()].filter((id) => !stay.has(id));
  const events = gone.reduce((sum, id) => sum + runs.get(id)!.events.length, 0);
  return { runs: gone, kept, events, blobs: 0, artifacts: 0, sessions: 0, bytesBefore: size(runs.keys()), bytesAfter: size(stay) };
}
