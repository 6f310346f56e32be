import { splitConjunction } from '@praxis/core';
import { linesOf, termsOf, type Blocks } from './blocks.js';
import { readActions, splitAction, textOf, type BlockTask, type RuleAnswer } from './task.js';
import { planFrom, whyNot, type ModelResult } from './thinking.js';

/** Scores candidates by how far from the goal they lead: 1 for the nearest, 0 where no way leads on. */
export async function scoreCandidates(task: BlockTask, blocks: Blocks, thinking: ModelResult): Promise<RuleAnswer> {
  const lengths: (number | null)[] = [];
  for (const line of linesOf(blocks, 'candidates')) {
    const term = termsOf(line)[0];
    if (term !== undefined) lengths.push(await lengthBehind(task, term, thinking));
    else lengths.push(/\bdone\b/.test(line) && task.model.holds(task.goal, task.state) ? 0 : null);
  }
  const least = Math.min(...lengths.filter((n) => n !== null));
  return { scores: lengths.map((n) => (n === null ? 0 : Math.round(((1 + least) / (1 + n)) * 1_000) / 1_000)) };
}

async function lengthBehind(task: BlockTask, text: string, thinking: ModelResult): Promise<number | null> {
  const { action, args } = splitAction(text);
  if (!task.interpreter.applicable(action, args, task.state).ok) return null;
  const result = await planFrom(task, thinking, { state: task.interpreter.apply(action, args, task.state) });
  return result.kind === 'solved' ? result.steps.length : null;
}

/**
 * Agrees with a plan whose steps reach the goal from here. Where it does not suggest all steps, its parts must at least
 * name every fact of the goal, which must be in reach.
 */
export async function criticisePlan(task: BlockTask, blocks: Blocks, thinking: ModelResult): Promise<RuleAnswer> {
  const parts = linesOf(blocks, 'subgoals').map((line) => readActions(task, [stepsIn(line)]));
  const whole = readActions(task, linesOf(blocks, 'plan'));
  const steps = whole.length > 0 ? whole : parts.some((part) => part.length === 0) ? [] : parts.flat();
  if (steps.length === 0) return criticiseParts(task, linesOf(blocks, 'subgoals'), thinking);
  const explained = task.model.explain(task.state, steps, task.goal);
  if (!('brokenAt' in explained)) return { agree: true, problems: [] };
  const broken = steps[explained.brokenAt];
  return disagree(
    broken
      ? `step ${explained.brokenAt + 1}, ${textOf(broken)}, is not possible: ${explained.reason}`
      : `the steps do not reach the goal: ${explained.reason}`,
  );
}

async function criticiseParts(task: BlockTask, lines: readonly string[], thinking: ModelResult): Promise<RuleAnswer> {
  const named = lines.flatMap(termsOf).flatMap(splitConjunction);
  const literals = task.goal === '' ? [] : splitConjunction(termsOf(task.goal)[0] ?? task.goal);
  const missed = literals.filter((l) => lines.length > 0 && !named.includes(l) && !task.model.holds(l, task.state));
  if (missed.length > 0) return { agree: false, problems: missed.map((l) => `no subgoal brings about ${l}`) };
  const result = await planFrom(task, thinking);
  return result.kind === 'unsolvable' ? disagree(whyNot(result)) : { agree: true, problems: [] };
}

/** What a line about a subgoal says of its steps; its conditions may look like actions, so they are left out. */
function stepsIn(line: string): string {
  return /;\s*steps\s+(.*)$/.exec(line)?.[1] ?? '';
}

/** The answer of a critic who sees a problem. */
export function disagree(problem: string): RuleAnswer {
  return { agree: false, problems: [problem] };
}

/** No rule understands what a person says about how: every constraint is unclear. */
export function judgeConstraints(blocks: Blocks): RuleAnswer {
  const verdicts = linesOf(blocks, 'constraints').map((_, i) => ({
    constraint: i + 1,
    why: 'Rules do not understand it.',
    verdict: 'unclear',
  }));
  return { verdicts };
}
