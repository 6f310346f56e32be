import { PraxisError, actionText, literalHolds, orderNodes, splitConjunction, validatePlan, type Plan, type Run, type WorldState } from '@praxis/core';
import { guardsOf } from '@praxis/actions';
import { PlanningModel } from '@praxis/search';
import type { ExecutorFace } from '@praxis/wire';
import { skillsOf } from '../rollback/roll-back.js';
import { goalLiterals } from './search-planner.js';

/** What a plan is checked against. */
export interface CheckFrame {
  readonly run: Run;
  /** The world from which the plan starts. */
  readonly from: WorldState;
  readonly executor: Pick<ExecutorFace, 'describe'>;
  /** Most subgoals; no bound where nothing is said. */
  readonly most?: number;
}

/**
 * What is wrong with a plan, one sentence each; empty when it is sound: its form, and, where the rules are known and its
 * steps are given, whether these can be done one after the other, bring about what each subgoal promises, and reach the goal.
 */
export async function checkPlan(plan: Plan, { run, from, executor, most = Infinity }: CheckFrame): Promise<readonly string[]> {
  if (plan.nodes.length > most) return [`the plan has ${plan.nodes.length} subgoals, and this deployment allows at most ${most} (caps.planNodes)`];
  const opened = run.opened!;
  const info = await executor.describe();
  const world = info.worlds.find((w) => w.name === run.goal.world);
  if (!world) throw new PraxisError('unavailable', `No executor knows the world ${run.goal.world}; start one that does.`);
  // A problem of the user's own brings its actions with it.
  const skills = world.skills.length > 0 ? skillsOf(info, world.name).map((s) => s.name) : plan.nodes.flatMap((n) => n.steps.map((s) => s.skill));
  if (run.goal.undoes !== null) return validatePlan(plan, { agents: opened.agents, skills, goal: [], holding: [] });
  const model = opened.domain === '' ? null : new PlanningModel(opened, guardsOf(opened.tools));
  const goal = model === null ? splitConjunction(opened.condition) : goalLiterals(opened.condition, model);
  const found = validatePlan(plan, { agents: opened.agents, skills, goal, holding: goal.filter((l) => literalHolds(l, from)) });
  return found.length > 0 || model === null ? found : rehearse(plan, { run, from, model });
}

/** Carries the steps out in the believed world, in an order that the plan allows. Subgoals that are done were, and those that give no steps say nothing. */
function rehearse(plan: Plan, { run, from, model }: { readonly run: Run; readonly from: WorldState; readonly model: PlanningModel }): readonly string[] {
  const todo = orderNodes(plan.nodes)!.filter((n) => run.nodes.get(n.id)?.status !== 'done');
  if (todo.some((n) => n.steps.length === 0)) return [];
  let state = from;
  for (const { id, steps, post } of todo) {
    const explained = model.explain(state, steps.map((s) => ({ action: s.skill, args: Object.values(s.args).map(String) })), '(and)');
    if ('brokenAt' in explained) return [`subgoal ${id} cannot do its step ${explained.brokenAt + 1}, ${actionText(steps[explained.brokenAt] ?? steps.at(-1)!)}: ${explained.reason}`];
    state = explained.final;
    if (!model.holds(post, state)) return [`after the steps of subgoal ${id}, ${post} does not hold`];
  }
  return model.holds(run.opened!.condition, state) ? [] : [`after all steps, ${run.opened!.condition} does not hold`];
}
