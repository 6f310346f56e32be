import {
  fold,
  parseSubgoalId,
  runEvents,
  runStream,
  type Allowance,
  type Journal,
  type NodeId,
  type PlanNode,
  type Run,
  type RunEvent,
  type SubgoalId,
} from '@praxis/core';
import type { ForcedStep } from '@praxis/strategy';

/** A subgoal that is to be worked on, with the run it belongs to. */
export interface Assignment {
  readonly subgoal: SubgoalId;
  readonly runId: string;
  readonly run: Run;
  /** The events of the run's stream by then. */
  readonly events: readonly RunEvent[];
  readonly node: PlanNode;
  /** Milliseconds since 1970-01-01 UTC by which the run has to be over; null: never. */
  readonly deadline: number | null;
  readonly allowance: Allowance;
}

/** What the journal says of a subgoal's work (execute.1); null where there is nothing to do, or no longer. */
export async function readAssignment(subgoal: SubgoalId, journal: Pick<Journal, 'read'>): Promise<Assignment | null> {
  const id = parseSubgoalId(subgoal);
  if (!id) return null;
  const stored = await journal.read(runStream(id.run));
  const events = stored.map((e) => runEvents.decode(e));
  const run = fold(events);
  const node = run?.plan?.nodes.find((n) => n.id === id.node);
  const at = run?.nodes.get(id.node);
  const isOurs = at?.status === 'dispatched' && at.attempt === id.attempt;
  if (!run || !node || !isOurs || run.ended || isHeld(run)) return null;
  return {
    subgoal,
    runId: id.run,
    run,
    events,
    node,
    deadline: deadlineOf(run, stored[0]!.at),
    allowance: at.allowance,
  };
}

/** What a fork decides otherwise in this attempt. */
export function forcedStep(run: Run, node: NodeId, attempt: number): ForcedStep | null {
  const forced = run.forked?.overrides.action;
  return forced && forced.node === node && forced.attempt === attempt
    ? { step: forced.step, action: forced.action }
    : null;
}

/** Milliseconds since 1970-01-01 UTC by which a run has to be over; null: never. */
const deadlineOf = ({ goal }: Run, acceptedAt: number): number | null =>
  goal.deadlineMs === null ? null : acceptedAt + goal.deadlineMs;

/** A cancel reaches a run that is held back too. */
const isHeld = (run: Run): boolean => run.cancelling === null && (run.paused !== null || run.overtime);
