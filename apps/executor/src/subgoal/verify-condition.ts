import type { SkillRegistry } from '@praxis/actions';
import {
  NO_COST,
  addCosts,
  checkNamed,
  checksSchema,
  digest,
  freeRecord,
  outputSchema,
  splitConjunction,
  type Action,
  type ActionResult,
  type ArtifactStore,
  type Checks,
  type Cost,
  type Json,
  type Outputs,
  type SkillTools,
  type WorldSession,
} from '@praxis/core';
import { checkCondition, evidenceLines, runScope, type CheckScope } from '@praxis/environments';
import { estimateJudge, judgeCheck, type JudgeRequest } from '@praxis/inference';
import type { Thought } from '@praxis/strategy';
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
  /** Has models judge statements; absent where there is none to ask. */
  readonly judging?: Judging | undefined;
}

/** What models are asked with about the outcome of a subgoal. */
export type Judging = Omit<JudgeRequest, 'statement' | 'evidence' | 'votes' | 'signal'>;

/** The most that verifying a condition can cost: every judgement that it names. */
export function priceOfVerifying(
  condition: string,
  { checks, judging }: Pick<VerifyParts, 'checks' | 'judging'>,
): Cost {
  if (judging === undefined || !condition.includes('(check ')) return NO_COST;
  const signal = new AbortController().signal;
  const named = splitConjunction(condition).flatMap((part) => checks[checkNamed(part) ?? ''] ?? []);
  return named
    .flatMap((c) => ('judge' in c ? [{ ...judging, statement: c.judge, evidence: ROOM, votes: c.votes, signal }] : []))
    .map(estimateJudge)
    .reduce(addCosts, NO_COST);
}

/** Evidence of about the size that there may be. */
const ROOM: readonly string[] = ['x'.repeat(8_000)];

/** What a strategy hands over with a condition: more checks, and the outputs so far. */
const contextSchema = z.object({
  checks: checksSchema.default({}),
  outputs: freeRecord(outputSchema).default({}),
});

/** What is wrong where a condition does not hold, one sentence each; the world alone is asked where it names no check. */
export async function verifyCondition(
  condition: string,
  context: Json,
  parts: VerifyParts,
  signal: AbortSignal,
): Promise<Thought & { readonly violations: readonly string[] }> {
  const { session, artifacts, skills, tools, checks, inputs } = parts;
  if (!condition.includes('(check ')) {
    const { holds, problems } = await session.check(condition, signal);
    return { violations: holds ? [] : problems };
  }
  const told = contextSchema.parse(context ?? {});
  const outputs = { ...inputs, ...told.outputs };
  const call = (action: Action): Promise<ActionResult> => callPure(action, skills, { tools, signal });
  const judges =
    parts.judging &&
    judgesOf(parts.judging, () => evidenceLines(session, artifacts, { inputs, outputs: told.outputs }), signal);
  const scope = runScope({ session, artifacts, outputs, call, ...(judges && { judge: judges.judge }), signal });
  const { holds, problems } = await checkCondition(condition, { ...checks, ...told.checks }, scope);
  return { violations: holds ? [] : problems, ...judges?.thought() };
}

/** Judges that count what they cost. */
function judgesOf(judging: Judging, evidence: () => Promise<readonly string[]>, signal: AbortSignal) {
  let spent = NO_COST;
  let call: Thought['call'];
  const judge: NonNullable<CheckScope['judge']> = async (statement, texts, votes) => {
    const shown = texts.length > 0 ? texts : await evidence();
    const judged = await judgeCheck({ ...judging, statement, evidence: shown, votes, signal });
    spent = addCosts(spent, judged.spent);
    call = judged.call;
    return judged.scores;
  };
  return { judge, thought: (): Thought => (call === undefined ? {} : { spent, call }) };
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
