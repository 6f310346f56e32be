import {
  actionText,
  freeOf,
  numberSteps,
  readRun,
  runStream,
  shortOf,
  PraxisError,
  type ConstraintVerdict,
  type Cost,
  type FailureCode,
  type KeptThought,
  type NumberedStep,
  type Run,
  type RunId,
  type SkillManifest,
  type WorldState,
} from '@praxis/core';
import { domainSkills } from '@praxis/actions';
import {
  factLines,
  pinnedPrompts,
  shownProblem,
  skillLine,
  type FinalCheckAnswer,
  type ModelAccess,
  type ModelRequest,
} from '@praxis/inference';
import type { PlannerParts } from '../parts.js';

/** What a judge is asked about a run that has reached its goal. */
export interface JudgedRun {
  readonly run: RunId;
  readonly state: Run;
  readonly facts: WorldState;
  readonly deadline: number | null;
  readonly signal: AbortSignal;
}

/** Verdicts, one for each constraint, and how a model came to them; absent where none was asked. */
export interface Judgement {
  readonly constraints: readonly ConstraintVerdict[];
  readonly call?: KeptThought;
  readonly spent?: Cost;
}

/**
 * Asks a model once whether what was done keeps to the constraints of the request. A constraint is kept or broken only
 * where the model has seen every step and says so; in every other case it is unchecked, and the reason is told.
 */
export async function judgeConstraints(
  judged: JudgedRun,
  { models, store }: Pick<PlannerParts, 'models' | 'store'>,
): Promise<Judgement> {
  const { state, signal } = judged;
  const constraints = state.opened?.constraints ?? [];
  const unchecked = (why: string): readonly ConstraintVerdict[] =>
    constraints.map((text) => ({ text, verdict: 'unchecked', why }));
  if (!models || !(await models.isThere())) return { constraints: unchecked('no model is there to judge it') };
  const { promptRunner } = models;
  try {
    const order = await orderFor(judged, constraints, { models, store });
    if (shortOf(freeOf(state), promptRunner.estimate(order)) !== null)
      return { constraints: unchecked('the budget has no room for the check') };
    const {
      answers: [first],
      problems,
      call,
      spent,
      leftOut,
    } = await promptRunner.run(order);
    return {
      constraints:
        first === undefined ? unchecked(problems.join('; ')) : verdictsOf(constraints, first, leftOut['steps'] ?? 0),
      call,
      spent,
    };
  } catch (thrown) {
    const error = PraxisError.from(thrown);
    if (signal.aborted || error.code === 'bug' || error.code === 'cancelled') throw thrown;
    return { constraints: unchecked(error.message) };
  }
}

async function orderFor(
  judged: JudgedRun,
  constraints: readonly string[],
  { models, store }: { readonly models: ModelAccess; readonly store: PlannerParts['store'] },
): Promise<ModelRequest<'final-check', 'final_check'>> {
  const { subgoals } = await readRun(judged.run, store.journal);
  const prompts = await pinnedPrompts(judged.state.opened!.prompts ?? {}, models.prompts, store.blobs);
  const { goal, opened } = judged.state;
  const skills = await domainSkills(opened!, `world:${goal.world}`, { turn: judged.run, signal: judged.signal });
  return orderOf(judged, { constraints, steps: numberSteps(subgoals).flatMap(stepLine), prompts, skills });
}

interface Told {
  readonly constraints: readonly string[];
  readonly steps: readonly string[];
  readonly prompts: ModelAccess['prompts'];
  readonly skills: readonly SkillManifest[];
}

function orderOf(
  { run, state, facts, deadline, signal }: JudgedRun,
  { constraints, steps, prompts, skills }: Told,
): ModelRequest<'final-check', 'final_check'> {
  const { goal, opened } = state;
  const { problem, condition } = opened!;
  return {
    prompt: prompts.get('final-check'),
    kind: 'final_check',
    values: {
      request: goal.request,
      goal: condition,
      skills: skills.map(skillLine),
      problem: shownProblem(problem, { now: { changing: null, facts: new Set(facts.facts) } }),
      facts: factLines(facts),
      steps: steps.map((line, i) => `${i + 1}. ${line}`),
      constraints: constraints.map((text, i) => `${i + 1}. ${text}`),
    },
    check: ({ verdicts }) => missingOf(verdicts, constraints.length),
    place: { run, stream: runStream(run), urgency: 1, deadline },
    seed: goal.seed,
    id: 'constraints',
    models: goal.models,
    signal,
  };
}

/** After these nobody knows whether the action happened. */
const UNKNOWN: ReadonlySet<FailureCode> = new Set(['timeout', 'world-error', 'cancelled', 'unknown-outcome']);

/** A step as the judge sees it; one that was never tried is none. */
function stepLine({ action, result, effect }: NumberedStep): readonly string[] {
  if (result === null) return effect === null ? [] : [`${actionText(action)} -> perhaps done`];
  return [`${actionText(action)} -> ${result.ok ? 'done' : outcomeOf(result.code)}`];
}

function outcomeOf(code: FailureCode): string {
  if (code === 'effect-mismatch') return 'done, with another effect than expected';
  return UNKNOWN.has(code) ? 'perhaps done' : 'refused, not done';
}

function missingOf(verdicts: FinalCheckAnswer['verdicts'], count: number): readonly string[] {
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((n) =>
    verdicts.every((v) => v.constraint !== n),
  );
  return missing.map((n) => `there is no verdict on constraint ${n}`);
}

function verdictsOf(
  constraints: readonly string[],
  { verdicts }: FinalCheckAnswer,
  notSeen: number,
): readonly ConstraintVerdict[] {
  return constraints.map((text, i): ConstraintVerdict => {
    const said = verdicts.filter((v) => v.constraint === i + 1);
    // Where it says two things, the worse one counts.
    const found = said.find((v) => v.verdict === 'broken') ?? said.find((v) => v.verdict === 'unclear') ?? said[0];
    const why = (found?.why ?? '').replace(/\s+/g, ' ').trim().slice(0, 300);
    if (found?.verdict === 'broken') return { text, verdict: 'broken', why };
    if (found?.verdict !== 'kept') return { text, verdict: 'unchecked', why: why || 'the judge does not say' };
    return notSeen > 0
      ? { text, verdict: 'unchecked', why: `the judge could not be shown ${notSeen} of the steps` }
      : { text, verdict: 'kept', why };
  });
}
