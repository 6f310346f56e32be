import type { WatchedEvent } from '../../../src/api.js';
import type { Draft, MomentEntry, NodeWork } from './run-model.js';
import { closeSteps } from './learn-step.js';
import { count } from './words.js';

type RunWatched = Extract<WatchedEvent, { kind: 'run' }>;
type Of<T extends RunWatched['event']['type']> = Extract<RunWatched['event'], { type: T }>;

const FRESH: NodeWork = { status: 'pending', attempt: 0, reason: '', startedAt: null, endedAt: null, steps: 0, failed: 0 };

/** Learns from an event of the run's own stream. */
export function learnRunEvent(draft: Draft, watched: RunWatched): void {
  const { event, at } = watched;
  draft.startedAt ??= at;
  const tell = (text: string, more: Partial<Pick<MomentEntry, 'node' | 'tone' | 'detail'>> = {}): void => {
    draft.entries.push({ kind: 'moment', key: `${watched.stream}:${watched.position}`, at, node: null, tone: 'plain', detail: '', text, ...more });
  };
  switch (event.type) {
    case 'accepted':
      draft.goal = event.goal;
      return tell('Goal accepted');
    case 'opened':
      draft.opened = event;
      return tell('World opened', { detail: `with ${count(event.tools.length, 'learned tool')}` });
    case 'planned':
      return learnPlanned(draft, event, at, tell);
    case 'dispatched':
      return learnDispatched(draft, event, at);
    case 'settled':
      return learnSettled(draft, event, at, tell);
    case 'checked':
      return tell('The world was asked', event.holds ? { tone: 'good', detail: 'the goal holds' } : { tone: 'warn', detail: 'the goal does not hold yet' });
    case 'cancelling':
      draft.cancelling = event.reason;
      return tell('Being cancelled', { tone: 'warn', detail: event.reason });
    case 'ended':
      Object.assign(draft, { ended: { outcome: event.outcome, reason: event.reason }, endedAt: at, planning: null });
      closeSteps(draft, () => true);
      return tell(`Run ${event.outcome}`, { tone: toneOf(event.outcome), detail: event.reason });
  }
}

type Tell = (text: string, more?: Partial<Pick<MomentEntry, 'node' | 'tone' | 'detail'>>) => void;

const toneOf = (outcome: 'done' | 'failed' | 'cancelled'): MomentEntry['tone'] => (outcome === 'done' ? 'good' : outcome === 'failed' ? 'bad' : 'warn');

function learnDispatched(draft: Draft, { node, attempt }: Of<'dispatched'>, at: number): void {
  draft.nodes[node] = { ...(draft.nodes[node] ?? FRESH), status: 'dispatched', attempt, reason: '', startedAt: at, endedAt: null };
}

function learnPlanned(draft: Draft, planned: Of<'planned'>, at: number, tell: Tell): void {
  const { plan, diff, reason, evaluated } = planned;
  draft.plans = [...draft.plans, { plan, diff, reason, evaluated, at }];
  draft.planning = null;
  for (const node of planned.plan.nodes) draft.nodes[node.id] ??= FRESH;
  if (planned.reason === 'first') return tell(`Plan v${planned.plan.version}`, { tone: 'plan', detail: count(planned.plan.nodes.length, 'subgoal') });
  draft.totals = { ...draft.totals, replans: draft.totals.replans + 1 };
  const why = planned.reason === 'repair' ? 'repaired from the world as it was' : 'the goal was missed';
  tell(`Plan v${planned.plan.version}`, { tone: 'plan', detail: `${why}: ${planned.diff.kept.length} kept, ${planned.diff.added.length} added, ${planned.diff.dropped.length} dropped` });
}

function learnSettled(draft: Draft, event: Of<'settled'>, at: number, tell: Tell): void {
  const before = draft.nodes[event.node] ?? FRESH;
  draft.nodes[event.node] = { ...before, status: event.outcome, attempt: event.attempt, reason: event.reason, endedAt: at };
  closeSteps(draft, (step) => step.node === event.node && step.attempt === event.attempt);
  const fresh = event.toolsUsed.filter((id) => !draft.toolsUsed.includes(id));
  if (fresh.length > 0) draft.toolsUsed = [...draft.toolsUsed, ...fresh];
  if (event.failures.length > 0) draft.failures = [...draft.failures, ...event.failures];
  tell(`Subgoal ${event.outcome}`, {
    node: event.node,
    tone: toneOf(event.outcome),
    detail: `${count(event.steps, 'step')}${event.failedSteps > 0 ? `, ${event.failedSteps} failed` : ''}${event.outcome === 'done' ? '' : `: ${event.reason}`}`,
  });
}
