import {
  isFailed,
  isStale,
  runEvents,
  runOfStream,
  stepEvents,
  type NewEvent,
  type RunEvent,
  type RunId,
  type StepEvent,
  type SubgoalId,
} from '@praxis/core';
import { mergeQuestions, questionChange, type Closing, type QuestionChange } from './question-change.js';
import { projectRun, type RunRow } from './run-row.js';
import { changesByRun, changeByStep, mergeChanges, TELLING, type SubgoalChange } from './subgoal-change.js';

/** What some events of one stream do to the read models. */
export interface Projection {
  /** The run's row after them; null where they say nothing about it. */
  readonly run: RunRow | null;
  /** At most one change per subgoal. */
  readonly subgoals: readonly SubgoalChange[];
  /** At most one change per question. */
  readonly questions: readonly QuestionChange[];
  readonly closings: readonly Closing[];
}

/** An event and when it was, or is about to be, written. */
export interface TimedEvent {
  readonly event: NewEvent;
  readonly at: number;
}

const NOTHING: Projection = { run: null, subgoals: [], questions: [], closings: [] };

/** Whether a stream's projection starts from the run's row. */
export const needsRunRow = (stream: string): boolean => stream.startsWith('run/');

/**
 * Reads what events mean for the lists and the sweep. Pure, so that a rebuild from the journal gives the same rows.
 * Fails on an event that this release could not read back.
 */
export function project(stream: string, events: readonly TimedEvent[], row: RunRow | null): Projection {
  if (needsRunRow(stream)) return projectRunStream(runOfStream(stream), events, row);
  return stream.startsWith('subgoal/') ? projectSteps(stream.slice('subgoal/'.length), events) : NOTHING;
}

function projectRunStream(id: RunId, events: readonly TimedEvent[], before: RunRow | null): Projection {
  const subgoals: SubgoalChange[] = [];
  const questions: QuestionChange[] = [];
  let closings: readonly Closing[] = [];
  let row = before;
  for (const { event: stored, at: now } of events) {
    const event = runEvents.decode(stored);
    const at = Math.max(now, row?.touchedAt ?? 0);
    if (row) subgoals.push(...changesByRun(row, event, at));
    const question = questionChange(event, { run: id, subgoal: null, at });
    if (question) questions.push(question);
    closings = closingsAfter(closings, event, { run: id, subgoal: null, at });
    row = projectRun(row, event, id, now);
  }
  return { run: row, subgoals: mergeById(subgoals), questions: mergeQuestionsById(questions), closings };
}

/** An end closes everything; what a fork goes on with is not closed by the end of its parent. */
function closingsAfter(before: readonly Closing[], event: RunEvent, closing: Closing): readonly Closing[] {
  if (event.type === 'ended') return [...before, closing];
  return event.type === 'forked' ? [] : before;
}

function projectSteps(subgoal: SubgoalId, events: readonly TimedEvent[]): Projection {
  const run = runOfStream(`subgoal/${subgoal}`);
  const subgoals: SubgoalChange[] = [];
  const questions: QuestionChange[] = [];
  const closings: Closing[] = [];
  for (const { event: stored, at } of events) {
    if (!TELLING.has(stored.type)) continue;
    const event = stepEvents.decode(stored);
    const change = changeByStep(subgoal, event, at);
    if (change) subgoals.push(event.type === 'ended' ? { ...change, ...countSteps(events) } : change);
    const question = questionChange(event, { run, subgoal, at });
    if (question) questions.push(question);
    if (event.type === 'ended') closings.push({ run, subgoal, at });
  }
  return { run: null, subgoals: mergeById(subgoals), questions: mergeQuestionsById(questions), closings };
}

function countSteps(events: readonly TimedEvent[]): Pick<SubgoalChange, 'steps' | 'failedSteps'> {
  const observed = events
    .filter(({ event }) => event.type === 'observed')
    .map(({ event }) => stepEvents.decode(event) as Extract<StepEvent, { type: 'observed' }>);
  return {
    steps: observed.filter((e) => !isStale(e.result)).length,
    failedSteps: observed.filter((e) => isFailed(e.result)).length,
  };
}

/** One change per subgoal, in the order of the ids: rows are always locked in that order, so that nobody deadlocks. */
export const mergeById = (changes: Iterable<SubgoalChange>): readonly SubgoalChange[] => merged(changes, mergeChanges);

/** One change per question of a run, in the order of the ids. */
export const mergeQuestionsById = (changes: Iterable<QuestionChange>): readonly QuestionChange[] =>
  merged(changes, mergeQuestions);

function merged<T extends { readonly id: string }>(changes: Iterable<T>, merge: (a: T, b: T) => T): readonly T[] {
  const byId = new Map<string, T>();
  for (const change of changes) {
    const before = byId.get(change.id);
    byId.set(change.id, before ? merge(before, change) : change);
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
