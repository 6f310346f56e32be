import {
  isAhead,
  makeSubgoalId,
  settleSubgoal,
  stepEvents,
  subgoalStream,
  type Journal,
  type NodeId,
  type Question,
  type Run,
  type RunId,
  type SettledEvent,
  type StepEvent,
  type SubgoalId,
} from '@praxis/core';

/** Where a dispatched subgoal stands: what the planner settles, hints at, or leaves to people. */
export interface SubgoalStanding {
  readonly node: NodeId;
  readonly subgoal: SubgoalId;
  readonly lane: string;
  /** What to write, where it has ended; null while it goes on. */
  readonly settled: SettledEvent | null;
  /** It waits for people, and none of its open questions has an answer; or for a time that has not come. */
  readonly isParked: boolean;
  /** When the first of its postponed actions is due; null where it waits for no time. */
  readonly until: number | null;
  /** Questions without an answer. */
  readonly open: readonly Question[];
  /** An executor has taken it up. */
  readonly isBegun: boolean;
  /** Why nobody can go on with it for now; null where somebody does. */
  readonly blocked: string | null;
}

/** Reads every dispatched subgoal of a run. */
export async function readSubgoals(
  id: RunId,
  run: Run,
  journal: Pick<Journal, 'read'>,
  now: number,
): Promise<readonly SubgoalStanding[]> {
  const found: SubgoalStanding[] = [];
  for (const { id: node, lane } of run.plan?.nodes ?? []) {
    const at = run.nodes.get(node)!;
    if (at.status !== 'dispatched') continue;
    const subgoal = makeSubgoalId(id, node, at.attempt);
    const stored = await journal.read(subgoalStream(subgoal));
    const events = stored.map((e) => stepEvents.decode(e));
    const lastAt = stored.at(-1)?.at ?? 0;
    found.push({
      node,
      subgoal,
      lane,
      settled: settleSubgoal(node, at, events, run),
      ...parking(events, run, { now, lastAt }),
      isBegun: events.length > 0,
      blocked: blockedBy(events),
    });
  }
  return found;
}

function blockedBy(events: readonly StepEvent[]): string | null {
  const last = events.at(-1);
  return last?.type === 'blocked' ? last.reason : null;
}

function parking(
  events: readonly StepEvent[],
  run: Run,
  { now, lastAt }: { readonly now: number; readonly lastAt: number },
): Pick<SubgoalStanding, 'isParked' | 'until' | 'open'> {
  const replied = new Set(events.flatMap((e) => (e.type === 'replied' ? [e.question] : [])));
  const asked = events.flatMap((e) => (e.type === 'asked' && !replied.has(e.question.id) ? [e.question] : []));
  const open = asked.filter((q) => !run.answers.has(q.id));
  const last = events.at(-1);
  const until = last?.type === 'parked' ? (last.until ?? null) : null;
  // Asked to try again since, it has something to do at once.
  const retries = events.findLast((e) => e.type === 'postponed')?.retries ?? 0;
  const isDue = until !== null && (until <= now || isAhead(lastAt, now) || run.retries > retries);
  return { isParked: last?.type === 'parked' && open.length === asked.length && !isDue, until, open };
}
