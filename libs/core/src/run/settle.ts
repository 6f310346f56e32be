import { actionText } from '../values/action.js';
import { NO_COST, addCosts } from '../values/cost.js';
import type { Failure } from '../acting/failure.js';
import type { NodeId } from '../values/ids.js';
import { isFailed, isStale } from '../acting/observation.js';
import type { Outputs } from '../acting/output.js';
import type { RunEvent } from './run-event.js';
import type { NodeState, Run } from './run.js';
import { withAnswer, type SkillAnswer } from '../acting/skill-answer.js';
import { costOf, countModelCalls, type StepEvent } from '../acting/step.js';
import { readTrajectory } from '../learning/trajectory.js';

export type SettledEvent = Extract<RunEvent, { type: 'settled' }>;

/**
 * What an acting strategy reports of its own accord in `ended.result`; null where the subgoal did not come that far.
 */
interface Report {
  /** Plans beyond its first; strategies that decide step by step make few. */
  readonly replans?: number;
  readonly toolsUsed: readonly string[];
  readonly failures: readonly Failure[];
  /** What it leaves to other subgoals; strategies without results leave nothing. */
  readonly outputs?: Outputs;
}

/**
 * What the planner writes of a dispatched subgoal that has ended, read from its stream, pure; null while it goes on.
 */
export function settleSubgoal(
  node: NodeId,
  { attempt }: Pick<NodeState, 'attempt'>,
  events: readonly StepEvent[],
  run: Pick<Run, 'cancelling'>,
): SettledEvent | null {
  const ended = events.at(-1);
  if (events.length === 0 && run.cancelling !== null) return unstarted(node, attempt, run.cancelling.reason);
  if (ended?.type !== 'ended') return null;
  // A subgoal that could not even be opened has an end and nothing else.
  const { steps, plans } = readTrajectory(events) ?? { steps: [], plans: 0 };
  const report = ended.result as unknown as Report | null;
  return {
    type: 'settled',
    node,
    attempt,
    outcome: ended.outcome,
    reason: ended.reason,
    // A stale decision did nothing.
    steps: steps.filter((s) => !isStale(s.result)).length,
    failedSteps: steps.filter((s) => isFailed(s.result)).length,
    replans: report?.replans ?? Math.max(0, plans - 1),
    toolsUsed: [...(report?.toolsUsed ?? [])],
    failures: [...(report?.failures ?? [])],
    spent: events.map(costOf).reduce(addCosts, NO_COST),
    ...countModelCalls(events),
    ...answersIn(events),
    ...outputsOf(report),
  };
}

/** What the strategy leaves to others; nothing where that is nothing. */
function outputsOf(report: Report | null): Pick<SettledEvent, 'outputs'> {
  const outputs = report?.outputs ?? {};
  return Object.keys(outputs).length > 0 ? { outputs: { ...outputs } } : {};
}

/** What skills outside the world answered, read from a subgoal's events; nothing where none did. */
function answersIn(events: readonly StepEvent[]): Pick<SettledEvent, 'heard'> {
  const actions = new Map(
    events.flatMap((e) => (e.type === 'decided' ? [[e.step, actionText(e.action)] as const] : [])),
  );
  const heard = events.reduce<readonly SkillAnswer[]>((answers, e) => {
    if (e.type !== 'observed' || e.answeredBy === undefined || !e.result.ok) return answers;
    return withAnswer(answers, { action: actions.get(e.step)!, text: e.result.message, source: e.answeredBy });
  }, []);
  return heard.length > 0 ? { heard: [...heard] } : {};
}

function unstarted(node: NodeId, attempt: number, reason: string): SettledEvent {
  return {
    type: 'settled',
    node,
    attempt,
    outcome: 'cancelled',
    reason,
    steps: 0,
    failedSteps: 0,
    replans: 0,
    toolsUsed: [],
    failures: [],
    spent: NO_COST,
  };
}
