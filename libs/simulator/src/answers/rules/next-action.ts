import { applyChange, type WorldState } from '@praxis/core';
import type { GroundAction } from '@praxis/search';
import { linesOf, termsOf, type Blocks } from './blocks.js';
import {
  readActions,
  readFailures,
  splitAction,
  textOf,
  type BlockTask,
  type RuleAnswer,
  type ToldFailure,
} from './task.js';
import { isRepeated, planFrom, whyNot, type ModelResult } from './thinking.js';

/** At most so many legal actions are looked behind where none of them begins the plan that was found. */
const LOOKED_BEHIND = 16;

/**
 * The next action towards the goal: the suggested steps where what is left of them still leads there, else by search.
 * Only actions that are offered are chosen, and none that failed as things are.
 */
export async function chooseNextAction(task: BlockTask, blocks: Blocks, thinking: ModelResult): Promise<RuleAnswer> {
  if (task.model.holds(task.goal, task.state)) return say('The goal of the subgoal holds.', 'done');
  const offered = linesOf(blocks, 'actions').flatMap((line) => termsOf(line).slice(0, 1));
  const failures = readFailures(linesOf(blocks, 'failures'));
  const isFine = (a: GroundAction, state: WorldState): boolean => !failures.some((f) => isRepeated(f, a, state));
  const isOpen = (a: GroundAction | undefined): a is GroundAction => a !== undefined && offered.includes(textOf(a));
  const suggested = suggestion(task, readActions(task, linesOf(blocks, 'plan')), isFine)?.[0];
  if (isOpen(suggested)) return say('The next of the suggested steps.', textOf(suggested));
  const meant = thinking.train?.recall(task, failures)?.[0];
  if (isOpen(meant) && isFine(meant, task.state)) return say('As I meant to.', textOf(meant));
  return searched(task, thinking, { offered: offered.map(splitAction), failures });
}

/** The first step of a plan by search; where that is not offered, the offered one behind which the goal is nearest. */
async function searched(
  task: BlockTask,
  thinking: ModelResult,
  { offered, failures }: { readonly offered: readonly GroundAction[]; readonly failures: readonly ToldFailure[] },
): Promise<RuleAnswer> {
  const without = otherAgents(task, offered);
  const result = await planFrom(task, thinking, { failures, without });
  if (result.kind !== 'solved') return say(`I am stuck: ${whyNot(result)}.`, 'stuck');
  thinking.train?.remember(task, failures, result.steps);
  const [first] = result.steps;
  if (first && offered.some((a) => textOf(a) === textOf(first)))
    return say(`The first of ${result.steps.length} steps that lead to the goal.`, textOf(first));
  const way = await behind(
    task,
    offered.filter((a) => !failures.some((f) => isRepeated(f, a, task.state))),
    { thinking, failures, without },
  );
  return way
    ? say('What I would do first is not offered; this leads to the goal too.', way)
    : say('What leads to the goal is not among the actions that I may do.', 'stuck');
}

/**
 * Agents who are not the one that the actions are offered to; where none are told, those who are of the actor's kind.
 */
function otherAgents({ agents, model }: BlockTask, offered: readonly GroundAction[]): readonly string[] {
  const isOffered = (object: string): boolean => offered.some((a) => a.args.includes(object));
  if (agents.length > 0) return agents.filter((agent) => !isOffered(agent));
  const actor = offered[0]?.args[0];
  if (actor === undefined || offered.some((a) => a.args[0] !== actor)) return [];
  const kindOf = (object: string): string => model.problem.objects.find((o) => o.name === object)?.types.join() ?? '';
  return model.problem.objects
    .map((o) => o.name)
    .filter((o) => o !== actor && kindOf(o) === kindOf(actor) && !isOffered(o));
}

/**
 * The shortest rest of the suggested steps that leads to the goal from here, and of which none is known to fail on the
 * way; null where none does.
 */
function suggestion(
  task: BlockTask,
  steps: readonly GroundAction[],
  isFine: (a: GroundAction, state: WorldState) => boolean,
): readonly GroundAction[] | null {
  for (let from = steps.length - 1; from >= 0; from--) {
    const rest = steps.slice(from);
    const explained = task.model.explain(task.state, rest, task.goal);
    if ('brokenAt' in explained) continue;
    let state = task.state;
    const isFree = explained.steps.every((step) => {
      const fine = isFine(step, state);
      state = applyChange(state, step.expects);
      return fine;
    });
    if (isFree) return rest;
  }
  return null;
}

/** The offered action behind which the goal is nearest. */
async function behind(
  task: BlockTask,
  offered: readonly GroundAction[],
  {
    thinking,
    ...variation
  }: { readonly thinking: ModelResult; readonly failures: readonly ToldFailure[]; readonly without: readonly string[] },
): Promise<string | null> {
  let best: { readonly text: string; readonly steps: number } | null = null;
  for (const one of offered.slice(0, LOOKED_BEHIND)) {
    if (!task.interpreter.applicable(one.action, one.args, task.state).ok) continue;
    const result = await planFrom(task, thinking, {
      ...variation,
      state: task.interpreter.apply(one.action, one.args, task.state),
    });
    if (result.kind === 'solved' && (best === null || result.steps.length < best.steps))
      best = { text: textOf(one), steps: result.steps.length };
  }
  return best?.text ?? null;
}

function say(thought: string, action: string): RuleAnswer {
  return { thought, action, question: '' };
}
