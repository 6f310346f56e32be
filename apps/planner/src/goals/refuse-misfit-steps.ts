import { draftProblem } from '@praxis/actions';
import {
  ASK_PERSON,
  PraxisError,
  nearestName,
  type Json,
  type Playbook,
  type ScriptStep,
  type SkillManifest,
} from '@praxis/core';
import { isTemplate, referencesIn } from '@praxis/expressions';
import { misfitReferences } from './misfit-references.js';

/**
 * Refuses a playbook whose steps cannot be carried out by what executors offer, before its run begins: a skill that
 * none of them has, an argument that is missing, unknown or of a wrong type, a reference to what no step gives.
 */
export function refuseMisfitSteps(whole: Playbook, skills: readonly SkillManifest[]): void {
  const { playbook, steps } = whole;
  const known = new Map(skills.map((s) => [s.name, s]));
  for (const step of steps) {
    if (!known.has(step.do) && step.do !== ASK_PERSON)
      throw unknownSkill(`${playbook}: the step ${step.id}`, step.do, [...known.keys()]);
    const problem = misfitOf(step, known);
    if (problem !== null) throw new PraxisError('invalid', `${playbook}: ${problem}.`);
  }
  const [stray] = misfitReferences(whole, known);
  if (stray !== undefined) throw new PraxisError('invalid', `${playbook}: ${stray.replace(/\?$/, '')}.`);
}

/** What is wrong with a step's arguments as far as they are known; null where nothing is, and of an unknown skill. */
export function misfitOf(step: ScriptStep, skills: ReadonlyMap<string, SkillManifest>): string | null {
  const manifest = skills.get(step.do);
  const problem = manifest && draftProblem({ skill: step.do, args: step.with }, manifest, isOpen);
  return problem ? `the step ${step.id} does not fit: ${problem}` : null;
}

function unknownSkill(step: string, skill: string, known: readonly string[]): PraxisError {
  const near = nearestName(skill, known);
  const hint = near === null ? '' : ` Did you mean ${near}?`;
  return new PraxisError(
    'missing',
    `${step} calls ${skill}, which no executor that runs offers.${hint} \`praxis skills\` lists what there is.`,
  );
}

/** Whether a value is known only when the step is decided. */
function isOpen(value: Json): boolean {
  if (referencesIn(value).length > 0) return true;
  if (typeof value === 'string') return value.startsWith('$') || isTemplate(value);
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => isOpen(inner as Json));
}
