import { actionText, numberSteps, readRun, type NumberedStep, type Plan, type Run, type RunId } from '@praxis/core';
import type { PlannerParts } from '../parts.js';
import { ledgerOf, stillToUndo } from './ledger.js';
import { skillsOf } from './roll-back.js';

/** The plan, or why there is none. */
export type RollbackPlan = { readonly plan: Plan } | { readonly plan: null; readonly reason: string };

/**
 * The plan of a run that takes another one back: one subgoal, the undo of each step, latest first, as far as it is not
 * undone yet.
 */
export async function planRollback(
  run: RunId,
  state: Run,
  version: number,
  parts: Pick<PlannerParts, 'store' | 'executor'>,
): Promise<RollbackPlan> {
  const parent = await readRun(state.goal.undoes!, parts.store.journal);
  const own = await readRun(run, parts.store.journal);
  const ledger = ledgerOf(parent, skillsOf(await parts.executor.describe(), state.goal.world));
  const tried = numberSteps(own.subgoals);
  const denied = tried.find(isDenied);
  // A no is no reason to ask again.
  if (denied) return { plan: null, reason: `${actionText(denied.action)} failed: ${denied.result!.message}` };
  const steps = stillToUndo(
    ledger.undone,
    tried.filter((s) => s.result?.ok).map((s) => s.action),
  ).map((u) => u.by);
  if (steps.length === 0) return { plan: { version, nodes: [] } };
  return {
    plan: {
      version,
      nodes: [
        {
          id: `${version}.1`,
          title: `take back ${steps.length} steps`,
          pre: [],
          post: '',
          after: [],
          owner: null,
          lane: 'default',
          steps: [...steps],
          cost: steps.length,
        },
      ],
    },
  };
}

const isDenied = ({ result }: NumberedStep): boolean =>
  result !== null && !result.ok && (result.code === 'denied' || result.permanent === true);
