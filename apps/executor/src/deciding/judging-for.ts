import { subgoalStream } from '@praxis/core';
import { pinnedPrompts } from '@praxis/inference';
import type { ExecutorParts } from '../parts.js';
import type { Assignment } from '../subgoal/assignment.js';
import { workOf } from '../subgoal/opening.js';
import type { Judging } from '../subgoal/verify-condition.js';

/** How models judge the outcome of a subgoal; undefined where none of its checks wants that, or there is none to ask. */
export async function judgingFor(
  { subgoal, runId, run, node, deadline }: Assignment,
  { models, store }: Pick<ExecutorParts, 'models' | 'store'>,
): Promise<Judging | undefined> {
  const wantsJudge = Object.values(workOf(run, node).checks ?? {}).some((check) => 'judge' in check);
  if (!wantsJudge || !models || !(await models.isThere())) return undefined;
  const prompts = await pinnedPrompts(run.opened!.prompts ?? {}, models.prompts, store.blobs);
  if (!Object.hasOwn(prompts.hashes, 'check-judge')) return undefined;
  const { request, seed, models: chosen } = run.goal;
  const place = { run: runId, stream: subgoalStream(subgoal), urgency: 1, deadline };
  return { request, promptRunner: models.promptRunner, prompts, place, seed, models: chosen };
}
