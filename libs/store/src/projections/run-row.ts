import type { NodeId, NodeStatus, RunEvent, RunId, RunStatus } from '@praxis/core';

/** A node of the current plan, as far as lists and the sweep need it. */
export interface NodeRow {
  readonly lane: string;
  readonly status: NodeStatus;
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
}

/** Moves a run's row on by one event; null before `accepted`. Time never goes back within a run. */
export function projectRun(row: RunRow | null, event: RunEvent, run: RunId, now: number): RunRow | null {
  if (event.type === 'accepted') return acceptedRow(event, run, now);
  if (row === null) return null;
  const at = Math.max(now, row.touchedAt);
  return { ...apply(row, event, at), touchedAt: at, length: row.length + 1 };
}

function acceptedRow({ goal }: Extract<RunEvent, { type: 'accepted' }>, run: RunId, at: number): RunRow {
  const none = { reason: '', planVersion: 0, nodes: {}, subgoals: 0, subgoalsDone: 0, steps: 0, failedSteps: 0, replans: 0, toolsUsed: [], modelCalls: 0 };
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
  };
}

function apply(row: RunRow, event: Exclude<RunEvent, { type: 'accepted' }>, at: number): RunRow {
  switch (event.type) {
    case 'planned': {
      const status = (id: NodeId): NodeStatus => row.nodes[id]?.status ?? 'pending';
      const nodes = Object.fromEntries(event.plan.nodes.map((n) => [n.id, { lane: n.lane, status: status(n.id) }]));
      const replans = row.replans + (event.reason === 'first' ? 0 : 1);
      return withNodes({ ...row, status: 'running', planVersion: event.plan.version, replans }, nodes);
    }
    case 'dispatched':
      return withNode(row, event.node, 'dispatched');
    case 'settled': {
      const steps = row.steps + event.steps;
      const failedSteps = row.failedSteps + event.failedSteps;
      const toolsUsed = [...new Set([...row.toolsUsed, ...event.toolsUsed])];
      return withNode({ ...row, steps, failedSteps, replans: row.replans + event.replans, toolsUsed }, event.node, event.outcome);
    }
    case 'ended':
      return { ...row, status: event.outcome, reason: event.reason, endedAt: at };
    case 'opened':
    case 'checked':
    case 'cancelling':
      return row;
  }
}

function withNode(row: RunRow, node: NodeId, status: NodeStatus): RunRow {
  return withNodes(row, { ...row.nodes, [node]: { lane: row.nodes[node]?.lane ?? '', status } });
}

function withNodes(row: RunRow, nodes: Readonly<Record<NodeId, NodeRow>>): RunRow {
  const all = Object.values(nodes);
  return { ...row, nodes, subgoals: all.length, subgoalsDone: all.filter((n) => n.status === 'done').length };
}
