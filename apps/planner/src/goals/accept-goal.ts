import { PraxisError, goalSchema, type Goal } from '@praxis/core';
import { noModel } from '@praxis/inference';
import { bindInputs, goalOfPlaybook, playbookProblems } from '@praxis/playbooks';
import { findPreset } from '@praxis/strategy';
import { withinCaps } from './caps.js';
import type { PlannerParts } from '../parts.js';
import { refuseMisfitInputs } from './refuse-misfit-inputs.js';
import { refuseUnworkable } from './refuse-unworkable.js';

/** Checks a goal as a caller wrote it, and fills in where it begins; says what is wrong or missing. */
export async function acceptGoal(
  input: Goal,
  parts: Pick<PlannerParts, 'worlds' | 'models' | 'caps' | 'clock'> & Partial<Pick<PlannerParts, 'executor'>>,
): Promise<Goal> {
  const parsed = goalSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new PraxisError('invalid', `The goal's field "${issue.path.join('.')}" is wrong: ${issue.message}.`);
  }
  const goal = withPlaybook(withinCaps(parsed.data, parts.caps, parts.clock.now()));
  if (goal.undoes !== null || goal.strategy === 'rollback')
    throw new PraxisError('invalid', 'A run is taken back with `praxis rollback RUN`, not by submitting a goal.');
  await refuseWithoutModel(goal, parts);
  const accepted = { ...goal, scenario: await scenarioOf(goal, parts) };
  // What cannot be read, or is too large to be evaluated, is refused where whoever wrote it still listens.
  await (
    await parts.worlds.get(goal.world)
  ).admit?.({ scenario: accepted.scenario, problem: goal.problem, condition: goal.condition });
  await refuseUnworkable(accepted, parts);
  return accepted;
}

async function refuseWithoutModel(
  { strategy, request, condition }: Goal,
  { models }: Pick<PlannerParts, 'models'>,
): Promise<void> {
  const isWordy = request !== '' && condition === '';
  if (findPreset(strategy).needs !== 'model' && !isWordy) return;
  if ((await models?.isThere()) !== true) throw noModel(isWordy ? 'goal in plain words' : `strategy ${strategy}`);
}

async function scenarioOf(goal: Goal, { worlds }: Pick<PlannerParts, 'worlds'>): Promise<string> {
  const { world, scenario, problem } = goal;
  const { scenarios } = await (await worlds.get(world)).describe();
  const known = scenarios.map((s) => s.name);
  if (problem !== null) return scenario;
  // A goal of the user's own needs some situation to begin in; the world's first one will do, or the only one there is.
  const begins = scenario === '' && isOwn(goal) ? (known[0] ?? '') : scenario;
  const isOnly = begins === '' && known.length === 0 && isOwn(goal) && world !== 'pddl';
  if (known.includes(begins) || isOnly) return begins;
  const choice =
    known.length > 0 ? `Its scenarios: ${known.join(', ')}.` : 'Send a problem of your own (--domain and --problem).';
  throw new PraxisError('missing', `The world ${world} has no scenario "${begins}". ${choice}`);
}

const isOwn = ({ condition, request, playbook }: Goal): boolean =>
  condition !== '' || request !== '' || playbook !== null;

/** A goal with a playbook is what the playbook promises, with its inputs as it wants them; it fails where they do not fit. */
function withPlaybook(goal: Goal): Goal {
  const { playbook, strategy } = goal;
  if (playbook === null) {
    if (strategy !== 'playbook') return goal;
    throw new PraxisError('invalid', 'The strategy playbook needs a playbook; `praxis run PLAYBOOK` hands one in.');
  }
  const [first] = playbookProblems(playbook);
  if (first)
    throw new PraxisError('invalid', `The goal's playbook is wrong at ${first.path.join('.')}: ${first.message}.`);
  const inputs = bindInputs(playbook, goal.inputs);
  refuseMisfitInputs(playbook, inputs);
  const { condition, checks } = goalOfPlaybook(playbook);
  return {
    ...goal,
    strategy: strategy === 'search' ? 'playbook' : strategy,
    inputs: { ...inputs },
    condition: goal.condition === '' ? condition : goal.condition,
    checks: { ...checks, ...goal.checks },
  };
}
