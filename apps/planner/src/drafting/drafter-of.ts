import { pinnedPrompts } from '@praxis/inference';
import type { PlanningParts, PlanningSubject } from '../planning/planning-subject.js';
import { skillsOf } from '../rollback/roll-back.js';
import { SkillDrafter } from './skill-drafter.js';

/** Who drafts a run's plan; null where there is no model to ask. */
export async function drafterOf(subject: PlanningSubject, parts: PlanningParts): Promise<SkillDrafter | null> {
  const { models, executor, store } = parts;
  if (!models) return null;
  const { goal, opened } = subject.state;
  const prompts = await pinnedPrompts(opened!.prompts ?? {}, models.prompts, store.blobs);
  return new SkillDrafter({
    subject,
    access: models,
    prompts,
    skills: skillsOf(await executor.describe(), goal.world),
  });
}
