import type { WatchedEvent } from '../../../src/api.js';
import type { Draft, MomentEntry } from './run-model.js';
import { NOT_STARTED } from './run-words.js';
import { addCosts } from './cost.js';
import { learnControlEvent } from './learn-control.js';
import { closeSteps } from './learn-step.js';
import { count } from './words.js';

type RunWatched = Extract<WatchedEvent, { kind: 'run' }>;
type Of<T extends RunWatched['event']['type']> = Extract<RunWatched['event'], { type: T }>;


/** Learns from an event of the run's own stream. */
export function learnRunEvent(draft: Draft, watched: RunWatched): void {
  const { event, at } = watched;
  draft.startedAt ??= at;
  const tell: Tell = (text, more = {}) => {
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
    case 'spent':
      return void (draft.spent = addCosts(draft.spent, event.spent));
    case 'dispatched':
      return learnDispatched(draft, event, at);
    case 'settled':
      return learnSettled(draft, event, at, tell);
    case 'checked':
      return tell('The world was asked', event.holds ? { tone: 'good', detail: 'the goal holds' } : { tone: 'warn', detail: 'the goal does not hold yet' });
    case 'ended':
      Object.assign(draft, { ended: { outcome: event.outcome, reason: event.reason }, endedAt: at, planning: null });
      closeSteps(draft, () => true);
      return tell(`Run ${event.outcome}`, { tone: toneOf(event.outcome), detail: event.reason });
    default:
      return learnControlEvent(draft, event, at, tell);
  }
}

/** Adds a moment to the timeline. */
export type Tell = (text: string, more?: Partial<Pick<MomentEntry, 'node' | 'tone' | 'detail'>>) => void;

const toneOf = (outcome: 'done' | 'failed' | 'cancelled'): MomentEntry['tone'] => (outcome === 'done' ? 'good' : outcome === 'failed' ? 'bad' : 'warn');

function learnDispatched(draft: Draft, { node, attempt, allowance }: Of<'dispatched'>, at: number): void {
  draft.nodes[node] = { ...(draft.nodes[node] ?? NOT_STARTED), status: 'dispatched', attempt, reason: '', allowance, startedAt: at, endedAt: null };
}

function learnPlanned(draft: Draft, planned: Of<'planned'>, at: number, tell: Tell): void {
  const { plan, diff, reason, evaluated } = planned;
  draft.plans = [...draft.plans, { plan, diff, reason, evaluated, at }];
  draft.planning = null;
  for (const node of planned.plan.nodes) draft.nodes[node.id] ??= NOT_STARTED;
  if (planned.reason === 'first') return tell(`Plan v${planned.plan.version}`, { tone: 'plan', detail: count(planned.plan.nodes.length, 'subgoal') });
  draft.totals = { ...draft.totals, replans: draft.totals.replans + 1 };
  const why = planned.reason === 'repair' ? 'repaired from the world as it was' : 'the goal was missed';
  tell(`Plan v${planned.plan.version}`, { tone: 'plan', detail: `${why}: ${planned.diff.kept.length} kept, ${planned.diff.added.length} added, ${planned.diff.dropped.length} dropped` });
}

function learnSettled(draft: Draft, event: Of<'settled'>, at: number, tell: Tell): void {
  const before = draft.nodes[event.node] ?? NOT_STARTED;
  draft.nodes[event.node] = { ...before, status: event.outcome, attempt: event.attempt, reason: event.reason, endedAt: at };
  closeAttempt(draft, event);
  draft.spent = addCosts(draft.spent, event.spent);
  const fresh = event.toolsUsed.filter((id) => !draft.toolsUsed.includes(id));
  if (fresh.length > 0) draft.toolsUsed = [...draft.toolsUsed, ...fresh];
  if (event.failures.length > 0) draft.failures = [...draft.failures, ...event.failures];
  tell(`Subgoal ${event.outcome}`, {
    node: event.node,
    tone: toneOf(event.outcome),
    detail: `${count(event.steps, 'step')}${event.failedSteps > 0 ? `, ${event.failedSteps} failed` : ''}${event.outcome === 'done' ? '' : `: ${event.reason}`}`,
  });
}

/** What it did has been counted; nobody goes on with it. */
function closeAttempt(draft: Draft, { node, attempt }: Of<'settled'>): void {
  closeSteps(draft, (step) => step.node === node && step.attempt === attempt);
  const known = draft.attempts[`${draft.id}.${node}.${attempt}`];
  if (known) draft.attempts[known.id] = { ...known, isOver: true };
}
