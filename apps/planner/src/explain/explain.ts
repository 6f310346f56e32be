import {
  PraxisError,
  actionText,
  nextPlanVersion,
  numberSteps,
  planningStream,
  previewText,
  readRun,
  stepEvents,
  type Journal,
  type RunHistory,
  type RunId,
  type StoredEvent,
} from '@praxis/core';
import { effectsOf, findPinned, type PendingEffect } from '@praxis/strategy';
import type { ExplainRequest, Explanation, ForkPoint } from '@praxis/wire';
import { findStep } from '../find-step.js';
import { runThoughts } from './run-thoughts.js';
import { thoughtsOfStep, thoughtsOfStream } from './thoughts-of.js';
import { withRecords, type ThoughtBlobs } from './with-records.js';

/** What explanations are read from. */
export interface ExplainParts {
  readonly store: { readonly journal: Pick<Journal, 'read'>; readonly blobs: ThoughtBlobs };
}

/** Tells why a step was decided, or how a plan was made, from nothing but what was written down. */
export async function explain({ run, at, prompts }: ExplainRequest, { store }: ExplainParts): Promise<Explanation> {
  const history = await readRun(run, store.journal);
  return 'plan' in at
    ? explainPlanning(history, at.plan, { store, prompts })
    : explainStep(history, at, { store, prompts });
}

type Reading = ExplainParts & { readonly prompts: boolean };

/** So much of a skill's answer is part of an explanation, in characters; the journal has all of it. */
const EXPLAINED_ANSWER = 16_000;

async function explainStep(history: RunHistory, at: ForkPoint, { store, prompts }: Reading): Promise<Explanation> {
  const {
    number,
    subgoal,
    step,
    position,
    action,
    origin,
    result,
    answeredBy: source,
  } = findStep(at, numberSteps(history.subgoals), history.run);
  const { events } = history.subgoals.find((s) => s.subgoal === subgoal)!;
  const decided = stepEvents.decode(events.find((e) => e.position === position)!);
  const { why, taint } = decided.type === 'decided' ? decided : { why: '', taint: [] };
  const stream = { events, effects: effects(history, 'acting', events) };
  const thoughts = await withRecords(thoughtsOfStep(stream, position), store.blobs, prompts);
  const answer =
    source === undefined || !result
      ? {}
      : { answer: { action: actionText(action), text: previewText(result.message, EXPLAINED_ANSWER), source } };
  return { decision: { number, subgoal, step, action, why, origin, taint, ...answer }, planning: null, thoughts };
}

async function explainPlanning(
  history: RunHistory,
  wanted: number | null,
  { store, prompts }: Reading,
): Promise<Explanation> {
  const current = history.state.plan?.version ?? 0;
  const { understanding, judgement } = runThoughts(history);
  // The latest one may be under way, or have come to nothing.
  const versions = wanted === null ? [nextPlanVersion(history.state), current] : [wanted];
  for (const version of versions) {
    const events = await readPlanning(history, version, store.journal);
    if (events.length === 0) continue;
    const last = stepEvents.decode(events.at(-1)!);
    const ending = last.type === 'ended' ? last : { outcome: null, reason: '' };
    const own = thoughtsOfStream({ events, effects: effects(history, 'planning', events) });
    const thoughts = await withRecords(
      [...(version === 1 ? understanding : []), ...own, ...(version === current ? judgement : [])],
      store.blobs,
      prompts,
    );
    return { decision: null, planning: { version, outcome: ending.outcome, reason: ending.reason }, thoughts };
  }
  if (wanted === null && understanding.length > 0)
    return {
      decision: null,
      planning: null,
      thoughts: await withRecords([...understanding, ...judgement], store.blobs, prompts),
    };
  throw noPlan(history.run, current, wanted);
}

function noPlan(run: RunId, current: number, wanted: number | null): PraxisError {
  if (current === 0)
    return new PraxisError('missing', `The run ${run} has no plan yet; see how it stands with \`praxis show ${run}\`.`);
  return new PraxisError(
    'missing',
    `The run ${run} has no plan ${wanted ?? current}; its plans are numbered 1 to ${current} (\`praxis why ${run} --plan ${current}\`).`,
  );
}

/** A fork's first plans were made by the run that it comes from, or by that one's. */
async function readPlanning(
  { run, events }: RunHistory,
  version: number,
  journal: Pick<Journal, 'read'>,
): Promise<readonly StoredEvent[]> {
  const parents = events.flatMap((e, i) =>
    e.type === 'forked' &&
    events.slice(0, i).some((before) => before.type === 'planned' && before.plan.version === version)
      ? [e.parent]
      : [],
  );
  for (const owner of [run, ...parents.toReversed()]) {
    const found = await journal.read(planningStream(owner, version));
    if (found.length > 0) return found;
  }
  return [];
}

function effects(
  { state }: RunHistory,
  part: 'planning' | 'acting',
  events: readonly StoredEvent[],
): ReadonlyMap<string, PendingEffect> {
  const decoded = events.map((e) => stepEvents.decode(e));
  const [opened] = decoded;
  const id = opened?.type === 'opened' ? opened.strategy : state.goal.strategy;
  try {
    return effectsOf(findPinned(id, part, state.opened?.versions[part] ?? 1), decoded);
  } catch (thrown) {
    // A run of another release: what it thought is told all the same, only not whom it asked.
    if (PraxisError.from(thrown).code !== 'unavailable') throw thrown;
    return new Map();
  }
}
