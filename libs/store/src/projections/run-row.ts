import type { NodeId, NodeStatus, RunEvent, RunId, RunStatus } from '@praxis/core';
import { dueAt, firstControl, isHeld, nextControl, type RunControl } from './run-control.js';

/** A node of the current plan, as far as lists and the sweep need it. */
export interface NodeRow {
  readonly lane: string;
  readonly status: NodeStatus;
  /** Absent in rows of older releases, as is `after`. */
  readonly attempt?: number;
  readonly after?: readonly NodeId[];
  readonly owner?: string | null;
}

/** One row of the read model of runs: the fold of the first `length` events of a run's stream. */
export interface RunRow {
  readonly id: RunId;
  readonly title: string;
  readonly world: string;
  readonly space: string;
  readonly learn: boolean;
  readonly status: RunStatus;
  readonly reason: string;
  readonly planVersion: number;
  readonly nodes: Readonly<Record<NodeId, NodeRow>>;
  readonly subgoals: number;
  readonly subgoalsDone: number;
  readonly steps: number;
  readonly failedSteps: number;
  readonly replans: number;
  readonly toolsUsed: readonly string[];
  readonly modelCalls: number;
  readonly acceptedAt: number;
  readonly endedAt: number | null;
  readonly touchedAt: number;
  readonly length: number;
  readonly control: RunControl;
  /** The planner has something to do for it without anybody's news. */
  readonly moves: boolean;
  /** When its time is over; null where nothing is measured, and at the end. */
  readonly dueAt: number | null;
}

/** Moves a run's row on by one event; null before `accepted`. Time never goes back within a run. */
export function projectRun(row: RunRow | null, event: RunEvent, run: RunId, now: number): RunRow | null {
  if (event.type === 'accepted') return acceptedRow(event, run, now);
  if (row === null) return null;
  const at = Math.max(now, row.touchedAt);
  const next: RunRow = {
    ...apply({ ...row, reason: reasonAfter(row, event) }, event, at),
    control: nextControl(row.control, event, at),
    touchedAt: at,
    length: row.length + 1,
  };
  return { ...next, moves: movesOf(next), dueAt: next.endedAt === null ? dueAt(next.control) : null };
}

/**
 * Whether the run should be looked at when nobody has touched it for a while. What waits for people does not, so that
 * it costs nothing while it waits; what waits for its subgoals alone does not either, since the sweep sees those.
 */
function movesOf({ endedAt, control, planVersion, nodes }: RunRow): boolean {
  if (endedAt !== null) return false;
  if (control.cancelling === true) return true;
  if (isHeld(control)) return false;
  const all = Object.values(nodes);
  if (control.overtime === true || planVersion === 0 || !all.some((n) => n.status === 'dispatched')) return true;
  const busy = new Set(all.flatMap((n) => (n.status === 'dispatched' ? [n.owner] : [])));
  // An owner does one thing at a time; what has none is done alone.
  const isFree = ({ owner }: NodeRow): boolean =>
    owner === undefined || (owner !== null && !busy.has(owner) && !busy.has(null));
  return all.some(
    (n) => n.status === 'pending' && isFree(n) && (n.after ?? []).every((id) => nodes[id]?.status === 'done'),
  );
}

/** Why it cannot go on for now is shown until something happens. */
function reasonAfter({ endedAt, reason }: RunRow, event: RunEvent): string {
  if (event.type === 'blocked') return event.reason;
  return endedAt === null ? '' : reason;
}

function acceptedRow({ goal }: Extract<RunEvent, { type: 'accepted' }>, run: RunId, at: number): RunRow {
  const control = firstControl(goal, at);
  const none = {
    reason: '',
    planVersion: 0,
    nodes: {},
    subgoals: 0,
    subgoalsDone: 0,
    steps: 0,
    failedSteps: 0,
    replans: 0,
    toolsUsed: [],
    modelCalls: 0,
  };
  return {
    ...none,
    id: run,
    title: goal.title,
    world: goal.world,
    space: goal.archive.space,
    learn: goal.archive.learn,
    status: 'waiting',
    acceptedAt: at,
    endedAt: null,
    touchedAt: at,
    length: 1,
    control,
    moves: true,
    dueAt: dueAt(control),
  };
}

/** Of models, as an event says. */
const callsOf = (event: RunEvent): number =>
  'modelCalls' in event ? (event.modelCalls ?? 0) : 'call' in event && event.call ? 1 : 0;

function apply(before: RunRow, event: Exclude<RunEvent, { type: 'accepted' }>, at: number): RunRow {
  const row = withCalls(before, callsOf(event));
  switch (event.type) {
    case 'planned':
      return planned(row, event);
    case 'dispatched':
      return withNode(row, event.node, { status: 'dispatched', attempt: event.attempt });
    case 'settled': {
      const steps = row.steps + event.steps;
      const failedSteps = row.failedSteps + event.failedSteps;
      const toolsUsed = [...new Set([...row.toolsUsed, ...event.toolsUsed])];
      return withNode({ ...row, steps, failedSteps, replans: row.replans + event.replans, toolsUsed }, event.node, {
        status: event.outcome,
        attempt: event.attempt,
      });
    }
    case 'forked':
      return forked(row, event.again, at);
    case 'ended':
      return { ...row, status: event.outcome, reason: event.reason, endedAt: at };
    default:
      return controlled(row, event);
  }
}

/** What people say; the others change only what holds it back (`control`), or nothing. */
function controlled(row: RunRow, event: RunEvent): RunRow {
  if (event.type === 'paused') return { ...row, status: 'paused' };
  if (event.type === 'resumed') return { ...row, status: goingOn(row) };
  return event.type === 'retried' && event.reopened ? reopened(row) : row;
}

/** The nodes of a new plan; those that were kept stand as they stood. */
function planned(row: RunRow, event: Extract<RunEvent, { type: 'planned' }>): RunRow {
  const nodes = Object.fromEntries(
    event.plan.nodes.map((n) => [
      n.id,
      { status: 'pending' as const, ...row.nodes[n.id], lane: n.lane, after: n.after, owner: n.owner },
    ]),
  );
  const replans = row.replans + (event.reason === 'first' ? 0 : 1);
  return withNodes(
    { ...row, status: row.status === 'paused' ? 'paused' : 'running', planVersion: event.plan.version, replans },
    nodes,
  );
}

const withCalls = (row: RunRow, calls = 0): RunRow =>
  calls === 0 ? row : { ...row, modelCalls: row.modelCalls + calls };

const goingOn = (row: RunRow): RunStatus => (row.planVersion > 0 ? 'running' : 'waiting');

/** A fork is as new as itself, whatever it shares with its parent. */
function forked(row: RunRow, again: readonly NodeId[], at: number): RunRow {
  const nodes = Object.fromEntries(
    Object.entries(row.nodes).map(([id, n]) => [id, again.includes(id) ? { ...n, status: 'pending' as const } : n]),
  );
  return withNodes({ ...row, status: goingOn(row), reason: '', acceptedAt: at, endedAt: null }, nodes);
}

/** Whatever had failed begins anew. */
function reopened(row: RunRow): RunRow {
  const nodes = Object.fromEntries(
    Object.entries(row.nodes).map(([id, n]) => [id, n.status === 'done' ? n : { ...n, status: 'pending' as const }]),
  );
  return withNodes({ ...row, status: goingOn(row), reason: '', endedAt: null }, nodes);
}

function withNode(row: RunRow, id: NodeId, change: Pick<NodeRow, 'status' | 'attempt'>): RunRow {
  return withNodes(row, { ...row.nodes, [id]: { lane: '', ...row.nodes[id], ...change } });
}

function withNodes(row: RunRow, nodes: Readonly<Record<NodeId, NodeRow>>): RunRow {
  const all = Object.values(nodes);
  return { ...row, nodes, subgoals: all.length, subgoalsDone: all.filter((n) => n.status === 'done').length };
}
