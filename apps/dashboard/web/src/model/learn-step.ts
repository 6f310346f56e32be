import type { WatchedEvent } from '../../../src/api.js';
import type { Attempt, Draft, StepEntry } from './run-model.js';

type StepWatched = Extract<WatchedEvent, { kind: 'step' }>;

/** Learns from an event of a subgoal's stream, or of a planning's. */
export function learnStepEvent(draft: Draft, watched: StepWatched): void {
  const [kind, id = ''] = watched.stream.split('/');
  if (kind === 'planning') return learnPlanning(draft, id, watched);
  const parts = /^.*\.(\d+\.\d+)\.(\d+)$/.exec(id);
  if (!parts) return;
  const attempt: Attempt = draft.attempts[id] ?? { id, node: parts[1]!, number: Number(parts[2]), by: '', plans: 0 };
  const { event, at } = watched;
  switch (event.type) {
    case 'opened':
      draft.attempts[id] = { ...attempt, by: event.by };
      return;
    case 'proposed':
      return learnProposed(draft, attempt, watched, event.note);
    case 'decided':
      return decide(draft, attempt, at, event);
    case 'tried':
      return change(draft, `${id}:${event.id}`, () => ({ effect: event.effect }));
    case 'observed':
      return observe(draft, `${id}:${event.id}`, at, event);
    case 'ended':
      return closeSteps(draft, (step) => step.node === attempt.node && step.attempt === attempt.number);
    default:
  }
}

function learnPlanning(draft: Draft, id: string, { event }: StepWatched): void {
  if (event.type === 'opened') draft.planning = Number(id.slice(id.lastIndexOf('.') + 1));
  if (event.type === 'ended') draft.planning = null;
}

function learnProposed(draft: Draft, attempt: Attempt, { stream, position, at }: StepWatched, note: string): void {
  draft.attempts[attempt.id] = { ...attempt, plans: attempt.plans + 1 };
  if (attempt.plans === 0) return;
  draft.totals = { ...draft.totals, replans: draft.totals.replans + 1 };
  draft.entries.push({ kind: 'moment', key: `${stream}:${position}`, at, node: attempt.node, tone: 'warn', text: 'Planned again on the spot', detail: note });
}

function decide(draft: Draft, attempt: Attempt, at: number, event: Extract<StepWatched['event'], { type: 'decided' }>): void {
  const key = `${attempt.id}:${event.id}`;
  const { action, step, why, origin } = event;
  draft.places[key] = draft.entries.length;
  draft.entries.push({
    kind: 'step', key, at, endedAt: null, node: attempt.node, attempt: attempt.number, by: attempt.by, number: step + 1, skill: action.skill,
    args: action.args, why, origin, effect: null, outcome: 'running', code: null, message: '', change: null,
  });
}

function observe(draft: Draft, key: string, at: number, event: Extract<StepWatched['event'], { type: 'observed' }>): void {
  const { result } = event;
  const place = draft.places[key];
  const step = place === undefined ? undefined : draft.entries[place];
  if (step?.kind !== 'step') return;
  const outcome = result.ok ? 'done' : result.code === 'unknown-outcome' ? 'unknown' : 'failed';
  change(draft, key, ({ effect }) => ({ endedAt: at, effect: effect ?? 'pure', outcome, code: result.ok ? null : result.code, message: result.message, change: event.change }));
  const failed = result.ok ? 0 : 1;
  draft.totals = { ...draft.totals, steps: draft.totals.steps + 1, failed: draft.totals.failed + failed };
  const node = draft.nodes[step.node];
  if (node) draft.nodes[step.node] = { ...node, steps: node.steps + 1, failed: node.failed + failed };
}

function change(draft: Draft, key: string, make: (step: StepEntry) => Partial<StepEntry>): void {
  const place = draft.places[key];
  const step = place === undefined ? undefined : draft.entries[place];
  if (place !== undefined && step?.kind === 'step') draft.entries[place] = { ...step, ...make(step) };
}

/** What is still under way among these steps will not be observed any more (M3). */
export function closeSteps(draft: Draft, isMeant: (step: StepEntry) => boolean): void {
  for (const [i, entry] of draft.entries.entries()) {
    if (entry.kind === 'step' && entry.outcome === 'running' && isMeant(entry)) draft.entries[i] = { ...entry, outcome: 'unknown' };
  }
}
