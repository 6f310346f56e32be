import { dependents, rulesIn, subgoalStream, toolsOf } from '@praxis/core';
import { pinnedPrompts } from '@praxis/inference';
import { findPreset } from '@praxis/strategy';
import type { Assignment } from '../subgoal/assignment.js';
import type { GatheredSkills } from '../subgoal/handlers.js';
import type { Away } from '../subgoal/hands.js';
import type { ExecutorParts } from '../parts.js';
import { workOf } from '../subgoal/opening.js';
import { ModelPolicy } from './model-policy.js';
import { SkillActor } from './skill-actor.js';

/** What asks models on behalf of a subgoal; null where there is none to ask. */
export async function modelPolicyFor(
  { subgoal, runId, run, node, deadline }: Assignment,
  { models, store }: Pick<ExecutorParts, 'models' | 'store'>,
  away: Away,
): Promise<((gathered: GatheredSkills) => ModelPolicy) | null> {
  const { goal, plan } = run;
  // What can do without models does not wait for one; what needs a model does.
  const isHopeless = findPreset(goal.strategy).needs === 'nothing' && (await models?.isThere()) !== true;
  if (!models || isHopeless) return null;
  const { agents, constraints = [], prompts: pinned = {}, denied = [] } = run.opened!;
  const prompts = await pinnedPrompts(pinned, models.prompts, store.blobs);
  // The more waits for it, the more urgent it is.
  const urgency = dependents(plan!.nodes, [node.id]).size / plan!.nodes.length;
  const place = { run: runId, stream: subgoalStream(subgoal), urgency, deadline };
  const allowed = ({ skills, ...rest }: GatheredSkills): GatheredSkills => ({
    ...rest,
    skills: skills.filter((s) => !denied.includes(s.name)),
  });
  const known = {
    promptRunner: models.promptRunner,
    away,
    prompts,
    denied,
    rules: rulesIn(run.opened!),
    agents,
    tools: toolsOf(run),
    title: node.title,
  };
  const asked = { request: goal.request, constraints, place, seed: goal.seed, models: goal.models };
  // A run that an older release began has no prompt for it, and goes on as it began (S9).
  const callsSkills = rulesIn(run.opened!) === null && Object.hasOwn(prompts.hashes, 'next-call');
  const actorOf = ({ skills, files }: GatheredSkills): SkillActor | null => {
    if (!callsSkills || files === undefined) return null;
    const { inputs = {}, checks = {} } = workOf(run, node);
    return new SkillActor({ ...known, ...asked, skills, inputs, checks, files: () => files.list() });
  };
  return (gathered) => new ModelPolicy({ ...known, ...asked, ...allowed(gathered), actor: actorOf(allowed(gathered)) });
}
