import {
  makeSubgoalId,
  parseSubgoalId,
  runOfStream,
  type NodeId,
  type Outcome,
  type RunEvent,
  type StepEvent,
  type SubgoalId,
} from '@praxis/core';
import type { RunRow } from './run-row.js';

/**
 * Where an attempt at a node stands; `dispatched`: its job is waiting, `running`: somebody opened it, `parked`: it
 * waits for people and nobody holds it.
 */
export type SubgoalStatus = 'dispatched' | 'running' | 'parked' | Outcome;

/** How far a subgoal has come; a later stage's status stands, in whichever order two streams report. */
export const STAGE = { dispatched: 0, running: 1, settled: 2, ended: 3 } as const;
type Stage = (typeof STAGE)[keyof typeof STAGE];

/**
 * What an event adds to the row of a subgoal. The run's stream and the subgoal's own are written by different
 * processes, so changes commute: numbers are added, times only grow, a null leaves what is there.
 */
export interface SubgoalChange {
  readonly id: SubgoalId;
  readonly run: string;
  readonly node: string;
  readonly attempt: number;
  readonly lane: string | null;
  readonly domain: string | null;
  readonly space: string | null;
  readonly learn: boolean | null;
  readonly stage: Stage;
  readonly status: SubgoalStatus;
  readonly reason: string;
  /** Known once it has ended: of the events at hand, the last of which ends it. */
  readonly steps: number;
  readonly failedSteps: number;
  /**
   * Answers in the run's stream less those that the subgoal's own has copied. A parked subgoal can go on where it is
   * above nothing; counted so, it does not matter which of the streams is heard first.
   */
  readonly answers: number;
  /** The run knows how it ended. */
  readonly settled: boolean;
  /** When what it postponed is due; 0: it waits for no time any more; null: nothing is said of it. */
  readonly wakeAt: number | null;
  readonly updatedAt: number;
  readonly endedAt: number | null;
}

const change = (id: SubgoalId, stage: Stage, status: SubgoalStatus, at: number): SubgoalChange => ({
  id,
  run: runOfStream(id),
  node: parseSubgoalId(id)?.node ?? '',
  attempt: parseSubgoalId(id)?.attempt ?? 0,
  lane: null,
  domain: null,
  space: null,
  learn: null,
  stage,
  status,
  reason: '',
  steps: 0,
  failedSteps: 0,
  answers: 0,
  settled: false,
  wakeAt: null,
  updatedAt: at,
  endedAt: null,
});

/** What an event of the run's stream says about its subgoals; `row` is the run before it. */
export function changesByRun(row: RunRow, event: RunEvent, at: number): readonly SubgoalChange[] {
  switch (event.type) {
    case 'dispatched': {
      const lane = row.nodes[event.node]?.lane ?? '';
      return [
        {
          ...change(makeSubgoalId(row.id, event.node, event.attempt), STAGE.dispatched, 'dispatched', at),
          lane,
          space: row.space,
          learn: row.learn,
        },
      ];
    }
    case 'settled':
      return [
        {
          ...change(makeSubgoalId(row.id, event.node, event.attempt), STAGE.settled, event.outcome, at),
          settled: true,
          reason: event.reason,
        },
      ];
    case 'answered':
      return event.subgoal === null
        ? []
        : [{ ...change(event.subgoal, STAGE.dispatched, 'dispatched', at), answers: 1 }];
    case 'forked':
      return abandoned(row, event.again, 'begun anew in the fork', at);
    case 'ended':
      return abandoned(row, Object.keys(row.nodes), 'the run ended before it', at);
    default:
      return [];
  }
}

/** Nobody takes up again what the run does not wait for any more. */
function abandoned(row: RunRow, nodes: readonly NodeId[], reason: string, at: number): readonly SubgoalChange[] {
  return nodes.flatMap((id) => {
    const { status, attempt } = row.nodes[id] ?? {};
    if (status !== 'dispatched' || attempt === undefined) return [];
    return [{ ...change(makeSubgoalId(row.id, id, attempt), STAGE.settled, 'cancelled', at), settled: true, reason }];
  });
}

/**
 * The events of a subgoal's stream that change its row; the others need not be read. Steps are counted when it ends.
 */
export const TELLING: ReadonlySet<string> = new Set<StepEvent['type']>([
  'opened',
  'asked',
  'parked',
  'replied',
  'ended',
]);

/** What an event of the subgoal's own stream says. */
export function changeByStep(subgoal: SubgoalId, event: StepEvent, at: number): SubgoalChange | null {
  switch (event.type) {
    case 'opened':
      return { ...change(subgoal, STAGE.running, 'running', at), domain: event.domain };
    case 'parked':
      return { ...change(subgoal, STAGE.running, 'parked', at), wakeAt: event.until ?? 0 };
    case 'replied':
      return { ...change(subgoal, STAGE.running, 'running', at), answers: -1, wakeAt: 0 };
    case 'ended':
      return { ...change(subgoal, STAGE.ended, event.outcome, at), reason: event.reason, endedAt: at, wakeAt: 0 };
    default:
      return null;
  }
}

/** Two changes of one subgoal as one. */
export function mergeChanges(a: SubgoalChange, b: SubgoalChange): SubgoalChange {
  const { stage, status, reason } = b.stage >= a.stage ? b : a;
  return {
    ...a,
    lane: b.lane ?? a.lane,
    domain: b.domain ?? a.domain,
    space: b.space ?? a.space,
    learn: b.learn ?? a.learn,
    stage,
    status,
    reason,
    steps: a.steps + b.steps,
    failedSteps: a.failedSteps + b.failedSteps,
    answers: a.answers + b.answers,
    settled: a.settled || b.settled,
    wakeAt: b.wakeAt ?? a.wakeAt,
    updatedAt: Math.max(a.updatedAt, b.updatedAt),
    endedAt: b.endedAt ?? a.endedAt,
  };
}
