import {
  PraxisError,
  actionText,
  clipText,
  goalSchema,
  readRun,
  runEvents,
  runStream,
  type Goal,
  type Run,
  type RunId,
  type SkillManifest,
} from '@praxis/core';
import type { ExecutorInfo, Rollback } from '@praxis/wire';
import type { PlannerParts } from '../parts.js';
import { refuseImported } from '../api/refuse-imported.js';
import { ledgerOf, type Ledger } from './ledger.js';
import { rollbackId } from './rollback-id.js';

/**
 * Begins a run that takes back what an ended run did, latest first. It is a run like any other: journalled, resumable,
 * behind the same gate; asking again gives the same one.
 */
export async function rollBack(
  run: RunId,
  parts: Pick<PlannerParts, 'store' | 'queues' | 'executor'>,
): Promise<Rollback> {
  const history = await readRun(run, parts.store.journal);
  const { state } = history;
  if (!state.ended)
    throw new PraxisError('conflict', `The run ${run} has not ended; cancel it first (\`praxis cancel ${run}\`).`);
  if (state.goal.undoes !== null)
    throw new PraxisError(
      'invalid',
      `The run ${run} takes back another one (${state.goal.undoes}); it cannot be rolled back itself.`,
    );
  if (!state.opened) throw new PraxisError('invalid', `The run ${run} never began; there is nothing to take back.`);
  const ledger = ledgerOf(history, skillsOf(await parts.executor.describe(), state.goal.world));
  if (ledger.undone.length === 0)
    throw new PraxisError('invalid', `Nothing of the run ${run} can be taken back: ${nothingBecause(ledger)}.`);
  const undoing = rollbackId(run);
  await refuseImported(undoing, parts.store);
  const accept = runEvents.encode({ type: 'accepted', goal: undoingGoal(run, state) });
  await parts.store.journal.append(runStream(undoing), 0, [accept]).catch((error: unknown) => {
    if (PraxisError.from(error).code !== 'conflict') throw error;
  });
  await parts.queues.add('advance', { run: undoing });
  return { run: undoing, ...ledger };
}

/** Most reasons that are named one by one. */
const REASONS = 5;

function nothingBecause({ left }: Ledger): string {
  if (left.length === 0) return 'it changed nothing';
  const named = left.slice(0, REASONS).map(({ action, why }) => `${actionText(action)}: ${why}`);
  return `${named.join('; ')}${left.length > REASONS ? `; and ${left.length - REASONS} more` : ''}`;
}

/**
 * The skills for a world: its own, and those that executors declare; the latter say how a world's action is really
 * done.
 */
export function skillsOf(info: ExecutorInfo, world: string): readonly SkillManifest[] {
  const elsewhere = (s: SkillManifest): boolean => /world:\S+$/.test(s.source) && !s.source.endsWith(`world:${world}`);
  return [...info.skills.filter((s) => !elsewhere(s)), ...(info.worlds.find((w) => w.name === world)?.skills ?? [])];
}

function undoingGoal(run: RunId, { goal }: Run): Goal {
  const { world, scenario, problem, seed, tenant, approvals } = goal;
  return goalSchema.parse({
    title: clipText(`Take back: ${goal.title}`, 500),
    world,
    scenario,
    problem,
    seed,
    tenant,
    approvals,
    strategy: 'rollback',
    undoes: run,
    archive: { space: goal.archive.space, use: false, learn: false },
  });
}
