import { splitConjunction } from '@praxis/core';
import { linesOf, type Blocks } from './blocks.js';
import { groupSteps } from './group-steps.js';
import { readFailures, textOf, type BlockTask, type RuleAnswer } from './task.js';
import { planFrom, whyNot, type ModelResult } from './thinking.js';

/** Plans the whole task by search and groups the steps into subgoals, each of one agent. */
export async function makeMetaPlan(task: BlockTask, blocks: Blocks, thinking: ModelResult): Promise<RuleAnswer> {
  let result = await planFrom(task, thinking, { failures: readFailures(linesOf(blocks, 'failures')) });
  // A plan has to be made even where everything has failed once: the world may have changed since.
  if (result.kind === 'unsolvable' && blocks.has('failures')) result = await planFrom(task, thinking);
  if (result.kind !== 'solved') return refuseMetaPlan(whyNot(result));
  const explained = task.model.explain(task.state, result.steps, task.goal);
  if ('brokenAt' in explained) return refuseMetaPlan(`the plan that was found does not hold: ${explained.reason}`);
  const groups = groupSteps(explained, task.agents);
  return {
    thought: `The goal is ${result.steps.length} steps away; they fall into ${groups.length} parts.`,
    subgoals: groups.map((group) => ({
      title: titleOf(group.achieves),
      owner: group.owner,
      after: group.after.map((g) => g + 1),
      achieves: group.achieves,
      steps: group.steps.map((s) => textOf(explained.steps[s]!)),
    })),
    questions: [],
  };
}

/** The answer where no plan can be made. */
export function refuseMetaPlan(why: string): RuleAnswer {
  return {
    thought: why,
    subgoals: [],
    questions: [`I found no way: ${why}. What may I do, or what should hold instead?`],
  };
}

function titleOf(achieves: string): string {
  const parts = splitConjunction(achieves);
  return parts.length > 2 ? `${parts.slice(0, 2).join(' ')} and ${parts.length - 2} more` : parts.join(' ');
}
