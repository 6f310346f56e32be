import type { SkillRegistry } from '@praxis/actions';
import {
  checksSchema,
  digest,
  freeRecord,
  outputSchema,
  type Action,
  type ActionResult,
  type ArtifactStore,
  type Checks,
  type Json,
  type Outputs,
  type SkillTools,
  type WorldSession,
} from '@praxis/core';
import { checkCondition, runScope, type CheckScope } from '@praxis/environments';
import { z } from 'zod';

/** What the conditions of a subgoal are verified with. */
export interface VerifyParts {
  readonly session: WorldSession;
  readonly artifacts: ArtifactStore;
  readonly skills: SkillRegistry;
  readonly tools: SkillTools;
  /** Named checks, and the outputs that were handed in. */
  readonly checks: Checks;
  readonly inputs: Outputs;
  readonly judge?: CheckScope['judge'] | undefined;
}

/** What a strategy hands over with a condition: more checks, and the outputs so far. */
const contextSchema = z.object({
  checks: checksSchema.default({}),
  outputs: freeRecord(outputSchema).default({}),
});

/** What is wrong where a condition does not hold, one sentence each; the world alone is asked where it names no check. */
export async function verifyCondition(
  condition: string,
  context: Json,
  { session, artifacts, skills, tools, checks, inputs, judge }: VerifyParts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!condition.includes('(check ')) {
    const { holds, problems } = await session.check(condition, signal);
    return holds ? [] : problems;
  }
  const told = contextSchema.parse(context ?? {});
  const outputs = { ...inputs, ...told.outputs };
  const call = (action: Action): Promise<ActionResult> => callPure(action, skills, { tools, signal });
  const scope = runScope({ session, artifacts, outputs, call, ...(judge && { judge }), signal });
  const { holds, problems } = await checkCondition(condition, { ...checks, ...told.checks }, scope);
  return holds ? [] : problems;
}

/** A check may look at the world by skills that change nothing. */
async function callPure(
  action: Action,
  skills: SkillRegistry,
  { tools, signal }: { readonly tools: SkillTools; readonly signal: AbortSignal },
): Promise<ActionResult> {
  if (skills.manifest(action)?.effect !== 'pure')
    return {
      ok: false,
      code: 'denied',
      message: `${action.skill} is no skill that changes nothing; checks call no other.`,
    };
  const key = digest({ skill: action.skill, args: { ...action.args } });
  return (await skills.run(action, key, signal, { tools })).result;
}
