import type { WatchedEvent } from '../../../src/api.js';
import type { Draft } from './run-model.js';
import type { MomentEntry } from './timeline-entry.js';
import { NOT_STARTED } from './run-words.js';
import { NO_COST, addCosts } from './cost.js';
import { applyControlEvent } from './apply-control.js';
import { NOTHING, closeSteps, settleCount } from './apply-step.js';
import { count } from './words.js';

type RunWatched = Extract<WatchedEvent, { kind: 'run' }>;
type Of<T extends RunWatched['event']['type']> = Extract<RunWatched['event'], { type: T }>;

/** Learns from an event of the run's own stream. */
export function applyRunEvent(draft: Draft, watched: RunWatched): void {
  const { event, at } = watched;
  draft.startedAt ??= at;
  const tell: Tell = (text, more = {}) => {
    draft.entries.push({
      kind: 'moment',
      key: `${watched.stream}:${watched.position}`,
      at,
      node: null,
      tone: 'plain',
      detail: '',
      text,
      ...more,
    });
  };
  applySpent(draft, event);
  switch (event.type) {
    case 'accepted':
      draft.goal = event.goal;
      return tell('Goal accepted');
    case 'opened':
      draft.opened = event;
      draft.constraints = (event.constraints ?? []).map((text) => ({ text, verdict: 'pending', why: '' }));
      return tell('World opened', { detail: `with ${count(event.tools.length, 'learned tool')}` });
    case 'planned':
      return applyPlanned(draft, event, at, tell);
    case 'spent':
      return void (draft.spent = addCosts(draft.spent, event.spent));
    case 'dispatched':
      return applyDispatched(draft, event, at);
    case 'settled':
      return applySettled(draft, event, at, tell);
    case 'checked':
      return applyChecked(draft, event, tell);
    case 'blocked':
      return tell('Cannot go on for now', { tone: 'warn', detail: event.reason });
    case 'ended':
      return applyEnded(draft, event, at, tell);
    default:
      return applyControlEvent(draft, event, at, tell);
  }
}

/** What a subgoal spent is told by its own stream as well; the rest was spent on models. */
function applySpent(draft: Draft, event: RunWatched['event']): void {
  const spent = 'spent' in event && event.type !== 'settled' ? event.spent : undefined;
  if (spent !== undefined)
    Object.assign(draft, { spent: addCosts(draft.spent, spent), models: addCosts(draft.models, spent) });
}

/** Adds a moment to the timeline. */
export type Tell = (text: string, more?: Partial<Pick<MomentEntry, 'node' | 'tone' | 'detail'>>) => void;

const toneOf = (outcome: 'done' | 'failed' | 'cancelled'): MomentEntry['tone'] =>
  outcome === 'done' ? 'good' : outcome === 'failed' ? 'bad' : 'warn';

function applyEnded(draft: Draft, { outcome, reason, result }: Of<'ended'>, at: number, tell: Tell): void {
  Object.assign(draft, { ended: { outcome, reason, result: result ?? null }, endedAt: at, planning: null });
  closeSteps(draft, () => true);
  tell(`Run ${outcome}`, { tone: toneOf(outcome), detail: reason });
}

function applyChecked(draft: Draft, { holds, constraints = [] }: Of<'checked'>, tell: Tell): void {
  if (constraints.length > 0) draft.constraints = constraints;
  const broken = constraints.filter((c) => c.verdict === 'broken').length;
  const unchecked = constraints.filter((c) => c.verdict === 'unchecked').length;
  const told = [
    holds ? 'the goal holds' : 'the goal does not hold yet',
    ...(broken > 0 ? [`${count(broken, 'constraint')} broken`] : []),
    ...(unchecked > 0 ? [`${count(unchecked, 'constraint')} not checked`] : []),
  ];
  tell('The world was asked', {
    tone: broken > 0 ? 'bad' : holds && unchecked === 0 ? 'good' : 'warn',
    detail: told.join(', '),
  });
}

function applyDispatched(draft: Draft, { node, attempt, allowance }: Of<'dispatched'>, at: number): void {
  draft.nodes[node] = {
    ...(draft.nodes[node] ?? NOT_STARTED),
    status: 'dispatched',
    attempt,
    reason: '',
    allowance,
    startedAt: at,
    endedAt: null,
  };
}

function applyPlanned(draft: Draft, planned: Of<'planned'>, at: number, tell: Tell): void {
  const { plan, diff, reason, evaluated } = planned;
  draft.plans = [...draft.plans, { plan, diff, reason, evaluated, at }];
  draft.planning = null;
  for (const node of planned.plan.nodes) draft.nodes[node.id] ??= NOT_STARTED;
  if (planned.reason === 'first')
    return tell(`Plan v${planned.plan.version}`, { tone: 'plan', detail: count(planned.plan.nodes.length, 'subgoal') });
  draft.totals = { ...draft.totals, replans: draft.totals.replans + 1 };
  const why = planned.reason === 'repair' ? 'repaired from the world as it was' : 'the goal was missed';
  tell(`Plan v${planned.plan.version}`, {
    tone: 'plan',
    detail: `${why}: ${planned.diff.kept.length} kept, ${planned.diff.added.length} added, ${planned.diff.dropped.length} dropped`,
  });
}

function applySettled(draft: Draft, event: Of<'settled'>, at: number, tell: Tell): void {
  const before = draft.nodes[event.node] ?? NOT_STARTED;
  draft.nodes[event.node] = {
    ...before,
    status: event.outcome,
    attempt: event.attempt,
    reason: event.reason,
    endedAt: at,
    outputs: event.outputs ?? {},
  };
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

/** What it did is counted; nobody goes on with it. An attempt that ended before it began has no stream of its own. */
function closeAttempt(draft: Draft, event: Of<'settled'>): void {
  const { node, attempt } = event;
  closeSteps(draft, (step) => step.node === node && step.attempt === attempt);
  const id = `${draft.id}.${node}.${attempt}`;
  const known = draft.attempts[id] ?? {
    id,
    node,
    number: attempt,
    by: '',
    plans: 0,
    counted: NOTHING,
    isSettled: false,
    spent: NO_COST,
    parked: [],
    until: null,
    isOver: true,
  };
  settleCount(draft, known, event);
}
