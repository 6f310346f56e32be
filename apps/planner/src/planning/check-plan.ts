import {
  PraxisError,
  actionText,
  checkNamed,
  literalHolds,
  permanentFailure,
  splitConjunction,
  validatePlan,
  rulesIn,
  type Action,
  type Plan,
  type PlanNode,
  type Run,
  type WorldState,
} from '@praxis/core';
import { guardsOf } from '@praxis/actions';
import { BelievedRules } from '@praxis/search';
import { ruleDenies } from '@praxis/strategy';
import type { ExecutorApi } from '@praxis/wire';
import { skillsOf } from '../rollback/roll-back.js';
import { literalText, readLiteral } from '../skill-search/skill-literal.js';
import { rehearse, type Rehearsal } from './rehearse.js';

/** What a plan is checked against. */
export interface CheckFrame {
  readonly run: Run;
  /** The world from which the plan starts. */
  readonly from: WorldState;
  readonly executor: Pick<ExecutorApi, 'describe'>;
  /** Its steps are more than suggestions: each of them has to be possible. */
  readonly isExact: boolean;
  /** Whose check it is: the run's id. */
  readonly turn?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Most subgoals; no bound where nothing is said. */
  readonly most?: number;
}

/**
 * What is wrong with a plan, one sentence each; empty when it is sound: its form, and, where the rules are known and
 * all its steps are given and possible, whether they reach the goal. A suggested step that is not possible is no fault
 * of the plan, unless search made it: how a subgoal is reached is the executor's business.
 */
export async function checkPlan(
  plan: Plan,
  { run, from, executor, isExact, turn, signal, most = Infinity }: CheckFrame,
): Promise<readonly string[]> {
  if (plan.nodes.length > most)
    return [`the plan has ${plan.nodes.length} subgoals, and this deployment allows at most ${most} (caps.planNodes)`];
  const opened = run.opened!;
  const info = await executor.describe();
  const world = info.worlds.find((w) => w.name === run.goal.world);
  if (!world)
    throw new PraxisError('unavailable', `No executor knows the world ${run.goal.world}; start one that does.`);
  const planned = plan.nodes.flatMap((n) => n.steps.map((s) => s.skill));
  const known = skillsOf(info, world.name).map((s) => s.name);
  if (run.goal.undoes !== null)
    return validatePlan(plan, {
      agents: opened.agents,
      skills: world.skills.length > 0 ? known : planned,
      goal: [],
      holding: [],
    });
  const told = rulesIn(opened);
  const rules = told && new BelievedRules(told, guardsOf(opened.tools), { turn, signal });
  // A problem of the user's own brings its actions with it.
  const own = rules === null ? planned : [...(await rules.words()).parameters.keys()];
  const skills = world.skills.length > 0 ? known : [...known, ...own];
  const parts = rules === null ? splitConjunction(opened.condition) : await rules.goalLiterals(opened.condition);
  // Named checks are evaluated at the end: no step says of itself that it brings them about.
  const goal = plannedParts(
    plan,
    parts.filter((literal) => checkNamed(literal) === null),
  );
  const formal = validatePlan(plan, {
    agents: opened.agents,
    skills,
    goal,
    holding: goal.filter((l) => literalHolds(l, from)),
  });
  const found = [...formal, ...refusals(plan, run)];
  return found.length > 0 || rules === null
    ? found
    : rehearsalProblems(await rehearse(plan, { run, from, rules, outside: known }), isExact);
}

/**
 * The parts of a goal that subgoals have to bring about by name. Search over skills has shown that its scripts reach a
 * part of another shape, such as an `or`.
 */
const plannedParts = (plan: Plan, parts: readonly string[]): readonly string[] =>
  plan.nodes.some((n) => n.script !== undefined)
    ? parts.filter((part) => readLiteral(part) !== null).map((part) => literalText(readLiteral(part)!, (a) => a))
    : parts;

function rehearsalProblems(rehearsed: Rehearsal, isExact: boolean): readonly string[] {
  if (rehearsed.kind === 'missed') return [rehearsed.problem];
  return rehearsed.kind === 'broken' && isExact ? [rehearsed.problem] : [];
}

/** The calls of a script; their arguments are known only when they are decided. */
const scriptActions = ({ script = [] }: PlanNode): readonly Action[] =>
  script.map((s) => ({ skill: s.do, args: s.with }));

/** Steps that are refused for the rest of the run, by people, rules or whoever would carry them out. */
function refusals(plan: Plan, { nodes, failures, opened }: Run): readonly string[] {
  const denied = opened!.denied ?? [];
  const todo = plan.nodes
    .filter((n) => nodes.get(n.id)?.status !== 'done')
    .flatMap((n) => [...n.steps, ...scriptActions(n)].map((step) => ({ id: n.id, step })));
  return todo.flatMap(({ id, step }) => {
    const reason = denied.includes(step.skill) ? ruleDenies(step.skill) : permanentFailure(failures, step)?.reason;
    return reason === undefined ? [] : [`subgoal ${id} must not do ${actionText(step)}: ${reason}`];
  });
}
