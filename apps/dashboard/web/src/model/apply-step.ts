import type { WatchedEvent } from '../../../src/api.js';
import { addCosts, costOf, NO_COST } from './cost.js';
import type { Attempt, Counted, Draft } from './run-model.js';
import type { StepEntry } from './timeline-entry.js';

type StepWatched = Extract<WatchedEvent, { kind: 'step' }>;

/** The attempt of a subgoal that an event belongs to, as far as it is known; null for an event of a planning. */
export function attemptOf(draft: Draft, { stream }: StepWatched): Attempt | null {
  const [kind, id = ''] = stream.split('/');
  const parts = kind === 'subgoal' ? /^.*\.(\d+\.\d+)\.(\d+)$/.exec(id) : null;
  return (
    parts &&
    (draft.attempts[id] ?? {
      id,
      node: parts[1]!,
      number: Number(parts[2]),
      by: '',
      plans: 0,
      counted: NOTHING,
      isSettled: false,
      spent: NO_COST,
      parked: [],
      until: null,
      isOver: false,
    })
  );
}

/** Learns from an event of a subgoal's stream what was decided, and what came of it. */
export function applyStepEvent(draft: Draft, before: Attempt, watched: StepWatched): void {
  const { event, at } = watched;
  const spent = costOf(event);
  const attempt = spent === null ? before : { ...before, spent: addCosts(before.spent, spent) };
  // An action says what it cost as it is observed; whatever else has a cost was a thought.
  if (spent !== null && event.type !== 'observed') draft.models = addCosts(draft.models, spent);
  const { id } = attempt;
  draft.attempts[id] = attempt;
  switch (event.type) {
    case 'opened':
      draft.attempts[id] = { ...attempt, by: event.by };
      return;
    case 'proposed':
      return applyProposed(draft, attempt, watched, event);
    case 'decided':
      return decide(draft, attempt, at, event);
    case 'tried':
      return changeStep(draft, `${id}:${event.id}`, ({ outcome }) => ({
        effect: event.effect,
        outcome: outcome === 'waiting' ? 'running' : outcome,
      }));
    case 'observed':
      return observe(draft, `${id}:${event.id}`, at, event);
    case 'ended':
      draft.attempts[id] = { ...attempt, isOver: true };
      return closeSteps(draft, (step) => step.node === attempt.node && step.attempt === attempt.number);
    default:
  }
}

/** Learns from an event of a planning's stream. */
export function applyPlanning(draft: Draft, { stream, event }: StepWatched): void {
  if (!stream.startsWith('planning/')) return;
  if (event.type === 'opened') draft.planning = Number(stream.slice(stream.lastIndexOf('.') + 1));
  if (event.type === 'ended') draft.planning = null;
}

/** Nothing was done yet. */
export const NOTHING: Counted = { steps: 0, failed: 0, replans: 0 };

/** Only a plan that was made without a model is one: a model's proposal is its thought about the next step. */
function applyProposed(
  draft: Draft,
  attempt: Attempt,
  { stream, position, at }: StepWatched,
  event: Extract<StepWatched['event'], { type: 'proposed' }>,
): void {
  if (event.call !== undefined || event.refused !== undefined) return;
  draft.attempts[attempt.id] = { ...attempt, plans: attempt.plans + 1 };
  if (attempt.plans === 0) return;
  countWork(draft, attempt.id, { ...NOTHING, replans: 1 });
  draft.entries.push({
    kind: 'moment',
    key: `${stream}:${position}`,
    at,
    node: attempt.node,
    tone: 'warn',
    text: 'Replanned this subgoal',
    detail: event.note,
  });
}

/** Counts what an attempt did, until the run itself has counted it (run-model.5). */
function countWork(draft: Draft, id: string, more: Counted): void {
  const attempt = draft.attempts[id];
  if (!attempt || attempt.isSettled) return;
  draft.attempts[id] = { ...attempt, counted: addCounts(attempt.counted, more) };
  draft.totals = { ...draft.totals, ...addCounts(draft.totals, more) };
}

/** The run has counted an attempt: its word takes the place of what the stream said (run-model.5). */
export function settleCount(
  draft: Draft,
  attempt: Attempt,
  { steps, failedSteps, replans }: { readonly steps: number; readonly failedSteps: number; readonly replans: number },
): void {
  const { counted } = attempt;
  draft.attempts[attempt.id] = { ...attempt, isOver: true, isSettled: true };
  draft.totals = {
    ...draft.totals,
    ...addCounts(draft.totals, {
      steps: steps - counted.steps,
      failed: failedSteps - counted.failed,
      replans: replans - counted.replans,
    }),
  };
}

const addCounts = (a: Counted, b: Counted): Counted => ({
  steps: a.steps + b.steps,
  failed: a.failed + b.failed,
  replans: a.replans + b.replans,
});

function decide(
  draft: Draft,
  attempt: Attempt,
  at: number,
  event: Extract<StepWatched['event'], { type: 'decided' }>,
): void {
  const { action, step, why, origin, taint } = event;
  draft.places[`${attempt.id}:${event.id}`] = draft.entries.length;
  draft.entries.push({
    // A person's edit decides anew under the same id, as a step of its own.
    kind: 'step',
    key: `${attempt.id}:${event.id}:${step}`,
    at,
    endedAt: null,
    node: attempt.node,
    attempt: attempt.number,
    by: attempt.by,
    number: step + 1,
    skill: action.skill,
    args: action.args,
    why,
    origin,
    taint,
    effect: null,
    outcome: 'running',
    code: null,
    message: '',
    change: null,
  });
}

function observe(
  draft: Draft,
  key: string,
  at: number,
  event: Extract<StepWatched['event'], { type: 'observed' }>,
): void {
  const { result } = event;
  const place = draft.places[key];
  const step = place === undefined ? undefined : draft.entries[place];
  if (step?.kind !== 'step') return;
  const outcome = outcomeOf(result);
  changeStep(draft, key, ({ effect }) => ({
    endedAt: at,
    effect: effect ?? untried(result),
    outcome,
    code: result.ok ? null : result.code,
    message: result.message,
    change: event.change,
    ...(event.answeredBy !== undefined && { answeredBy: event.answeredBy }),
  }));
  if (outcome === 'cancelled') return;
  const failed = result.ok ? 0 : 1;
  countWork(draft, `${draft.id}.${step.node}.${step.attempt}`, { steps: 1, failed, replans: 0 });
  if (!result.ok && isRefusal(result.code)) draft.totals = { ...draft.totals, denied: draft.totals.denied + 1 };
  const node = draft.nodes[step.node];
  if (node) draft.nodes[step.node] = { ...node, steps: node.steps + 1, failed: node.failed + failed };
}

/** What is stale was not done, and that is no failure: it is decided again. */
function outcomeOf(
  result: Extract<StepWatched['event'], { type: 'observed' }>['result'],
): 'done' | 'cancelled' | 'unknown' | 'failed' {
  if (result.ok) return 'done';
  if (result.code === 'stale') return 'cancelled';
  return result.code === 'unknown-outcome' ? 'unknown' : 'failed';
}

/** What was observed without having been tried is pure, unless the gate let it not pass. */
const untried = (result: { readonly ok: boolean; readonly code?: string }): StepEntry['effect'] =>
  !result.ok && isRefusal(result.code) ? null : 'pure';

const isRefusal = (code: string | undefined): boolean => code === 'denied' || code === 'budget';

/** Changes the step that an effect's latest decision made. */
export function changeStep(draft: Draft, key: string, make: (step: StepEntry) => Partial<StepEntry>): void {
  const place = draft.places[key];
  const step = place === undefined ? undefined : draft.entries[place];
  if (place !== undefined && step?.kind === 'step') draft.entries[place] = { ...step, ...make(step) };
}

const UNDER_WAY: ReadonlySet<StepEntry['outcome']> = new Set(['running', 'asking', 'waiting']);

/**
 * What is still under way among these steps will not be observed any more; what waited to be allowed was never begun
 * (run-model.3).
 */
export function closeSteps(draft: Draft, isMeant: (step: StepEntry) => boolean): void {
  for (const [i, entry] of draft.entries.entries()) {
    if (entry.kind !== 'step' || !UNDER_WAY.has(entry.outcome) || !isMeant(entry)) continue;
    draft.entries[i] = {
      ...entry,
      outcome: entry.outcome === 'running' || entry.effect !== null ? 'unknown' : 'cancelled',
    };
  }
}
