import { makeSubgoalId, settleSubgoal, stepEvents, subgoalStream, type Journal, type NodeId, type Question, type Run, type RunId, type SettledEvent, type StepEvent, type SubgoalId } from '@praxis/core';

/** Where a dispatched subgoal stands: what the planner settles, hints at, or leaves to people. */
export interface SubgoalStanding {
  readonly node: NodeId;
  readonly subgoal: SubgoalId;
  readonly lane: string;
  /** What to write, where it has ended; null while it goes on. */
  readonly settled: SettledEvent | null;
  /** It waits for people, and none of its open questions has an answer. */
  readonly isParked: boolean;
  /** Questions without an answer. */
  readonly open: readonly Question[];
  /** Why nobody can go on with it for now; null where somebody does. */
  readonly blocked: string | null;
}

/** Reads every dispatched subgoal of a run. */
export async function readSubgoals(id: RunId, run: Run, journal: Pick<Journal, 'read'>): Promise<readonly SubgoalStanding[]> {
  const found: SubgoalStanding[] = [];
  for (const { id: node, lane } of run.plan?.nodes ?? []) {
    const at = run.nodes.get(node)!;
    if (at.status !== 'dispatched') continue;
    const subgoal = makeSubgoalId(id, node, at.attempt);
    const events = (await journal.read(subgoalStream(subgoal))).map((e) => stepEvents.decode(e));
    found.push({ node, subgoal, lane, settled: settleSubgoal(node, at, events, run), ...parking(events, run), blocked: blockedBy(events) });
  }
  return found;
}

function blockedBy(events: readonly StepEvent[]): string | null {
  const last = events.at(-1);
  return last?.type === 'blocked' ? last.reason : null;
}

function parking(events: readonly StepEvent[], run: Run): Pick<SubgoalStanding, 'isParked' | 'open'> {
  const replied = new Set(events.flatMap((e) => (e.type === 'replied' ? [e.question] : [])));
  const asked = events.flatMap((e) => (e.type === 'asked' && !replied.has(e.question.id) ? [e.question] : []));
  const open = asked.filter((q) => !run.answers.has(q.id));
  return { isParked: events.at(-1)?.type === 'parked' && open.length === asked.length, open };
}
