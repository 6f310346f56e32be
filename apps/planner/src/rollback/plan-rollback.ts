import { readRun, stepEvents, type Action, type Plan, type Run, type RunId } from '@praxis/core';
import type { PlannerParts } from '../parts.js';
import { ledgerOf, stillToUndo } from './ledger.js';
import { skillsOf } from './roll-back.js';

/** The plan of a run that takes another one back: one subgoal, the undo of each step, latest first, as far as it is not undone yet. */
export async function planRollback(run: RunId, state: Run, version: number, parts: Pick<PlannerParts, 'store' | 'executor'>): Promise<Plan> {
  const parent = await readRun(state.goal.undoes!, parts.store.journal);
  const own = await readRun(run, parts.store.journal);
  const ledger = ledgerOf(parent.subgoals, skillsOf(await parts.executor.describe(), state.goal.world));
  const steps = stillToUndo(ledger.undone, ownDone(own.subgoals.map((s) => s.events.map((e) => stepEvents.decode(e))))).map((u) => u.by);
  if (steps.length === 0) return { version, nodes: [] };
  return { version, nodes: [{ id: `${version}.1`, title: `take back ${steps.length} steps`, pre: [], post: '', after: [], owner: null, lane: 'default', steps: [...steps], cost: steps.length }] };
}

/** What this run has undone already. */
function ownDone(streams: readonly (readonly ReturnType<typeof stepEvents.decode>[])[]): readonly Action[] {
  return streams.flatMap((events) => {
    const decided = new Map(events.flatMap((e) => (e.type === 'decided' ? [[e.step, e.action] as const] : [])));
    return events.flatMap((e) => (e.type === 'observed' && e.result.ok ? [decided.get(e.step)!] : []));
  });
}
