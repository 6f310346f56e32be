import {
  nameSchema,
  nearestName,
  scriptStepSchema,
  type Json,
  type Playbook,
  type ScriptStep,
  type SkillManifest,
} from '@praxis/core';
import { playbookProblems } from '@praxis/playbooks';
import type { SkillPlanAnswer } from '@praxis/inference';
import { misfitOf } from '../goals/refuse-misfit-steps.js';

/** Most steps of a plan that a model writes. */
const MOST_STEPS = 50;

type DraftStep = SkillPlanAnswer['steps'][number];

/** What a draft is read with. */
export interface DraftFrame {
  readonly title: string;
  /** Names of the goal's inputs, and of what earlier steps gave. */
  readonly known: readonly string[];
  readonly skills: readonly SkillManifest[];
  /** Where what the model was shown came from, the model itself included. */
  readonly taint: readonly string[];
}

/** A draft as a playbook, or what is wrong with it, for the model to mend. */
export type ReadDraft = { readonly playbook: Playbook } | { readonly problems: readonly string[] };

/**
 * Reads the steps that a model wrote.
 *
 * read-draft.1 A draft that is taken has only skills that there are, with arguments that fit as far as they are known, and
 *              refers only to what there is; its steps do not wait for each other.
 * read-draft.2 Every step is tainted by the model and by whatever it was shown.
 */
export function readDraft({ steps }: SkillPlanAnswer, frame: DraftFrame): ReadDraft {
  if (steps.length === 0 || steps.length > MOST_STEPS)
    return { problems: [`"steps" has ${steps.length} steps; write one to ${MOST_STEPS}`] };
  const skills = new Map(frame.skills.map((s) => [s.name, s]));
  const unknown = steps.flatMap((step) => unknownSkill(step, skills));
  if (unknown.length > 0) return { problems: unknown };
  const taken = steps.filter(({ id }) => frame.known.includes(id));
  if (taken.length > 0)
    return { problems: taken.map(({ id }) => `there is something called ${id} already; give the step another id`) };
  const read = steps.map((step) => scriptStepSchema.safeParse(stepOf(step, skills.get(step.skill)!, frame.taint)));
  const misread = read.flatMap(({ error }, i) =>
    (error?.issues ?? []).map((issue) => `step ${steps[i]!.id || i + 1}: ${issue.path.join('.')} ${issue.message}`),
  );
  if (misread.length > 0) return { problems: misread };
  const playbook = playbookOf(
    read.map(({ data }) => data!),
    frame,
  );
  const problems = playbookProblems(playbook).map(({ path, message }) => `${placeOf(path, playbook)}${message}`);
  const misfits = playbook.steps.flatMap((step) => misfitOf(step, skills) ?? []);
  return problems.length + misfits.length > 0 ? { problems: [...problems, ...misfits] } : { playbook };
}

function unknownSkill({ id, skill }: DraftStep, skills: ReadonlyMap<string, SkillManifest>): readonly string[] {
  if (skills.has(skill)) return [];
  const near = nearestName(skill, [...skills.keys()]);
  return [
    `step ${id}: there is no skill ${skill}${near === null ? '; take one of skills' : `; did you mean ${near}?`}`,
  ];
}

function stepOf(step: DraftStep, manifest: SkillManifest, taint: readonly string[]): Json {
  const { id, title, skill, args, each, after, when } = step;
  const types = new Map(manifest.parameters.map((p) => [p.name, p.type]));
  return {
    id,
    do: skill,
    with: Object.fromEntries(args.map(({ name, value }) => [name, valueOf(value, types.get(name) ?? 'any')])),
    after: after.filter((name) => name !== id),
    taint: [...taint],
    ...(title.trim() !== '' && { title: title.trim() }),
    ...(when.trim() !== '' && { when: when.trim() }),
    ...(each.trim() !== '' && { each: { of: each.trim(), parallel: 4 } }),
  };
}

/** A value as the model meant it: JSON where the argument is no text. */
function valueOf(text: string, type: string): Json {
  if (type === 'string' || text.trimStart().startsWith('$'))
    return text.trimStart().startsWith('$') ? text.trim() : text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function playbookOf(steps: readonly ScriptStep[], { title, known }: DraftFrame): Playbook {
  const names = known.filter((name) => nameSchema.safeParse(name).success);
  const inputs = Object.fromEntries(names.map((name) => [name, { type: 'object' as const, summary: '' }]));
  return { playbook: 'draft', title, summary: '', matches: [], inputs, steps: [...steps], done: [] };
}

const placeOf = (path: readonly (string | number)[], { steps }: Playbook): string => {
  const step = path[0] === 'steps' && typeof path[1] === 'number' ? steps[path[1]] : undefined;
  return step === undefined ? '' : `step ${step.id}, ${path.slice(2).join('.')}: `;
};

/** Steps of a plan as a model would have written them: what it is shown when it is to mend them. */
export const draftOf = (steps: readonly ScriptStep[]): SkillPlanAnswer['steps'] =>
  steps.map(({ id, title = '', do: skill, with: args, each, after, when = '' }) => ({
    id,
    title,
    skill,
    args: Object.entries(args).map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
    each: each?.of ?? '',
    after,
    when,
  }));
