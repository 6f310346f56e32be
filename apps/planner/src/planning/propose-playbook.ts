import { laneOf } from '@praxis/actions';
import { nextPlanVersion, type Json, type PlanNode, type Run, type SkillManifest } from '@praxis/core';
import { compilePlaybook } from '@praxis/playbooks';
import type { Handlers } from '@praxis/strategy';
import { skillsOf } from '../rollback/roll-back.js';
import type { PlanningParts, PlanningSubject } from './planning-subject.js';

type Proposal = Awaited<ReturnType<NonNullable<Handlers['propose']>>>;

/**
 * The plan of a goal's playbook. A playbook is no guess: where a step failed, or the goal does not hold in the end, there
 * is no other plan, and the run ends with that; a person who has mended the reason lets the run go on (`praxis retry`),
 * and the steps that are done stay.
 */
export async function proposePlaybook(
  { state, reason, keep }: PlanningSubject,
  { executor }: Pick<PlanningParts, 'executor'>,
): Promise<Proposal> {
  const { goal, plan } = state;
  if (reason !== 'first' && !mayGoOn(state)) return { candidates: [], note: whyEnded(state) };
  const manifests = new Map(skillsOf(await executor.describe(), goal.world).map((s) => [s.name, s]));
  const stays = (plan?.nodes ?? []).filter((n) => keep.includes(n.id));
  const kept = new Map<string, PlanNode>(stays.flatMap((n) => (n.script?.[0] ? [[n.script[0].id, n] as const] : [])));
  const version = nextPlanVersion(state);
  const nodes = compilePlaybook(goal.playbook!, {
    version,
    kept,
    manifest: (skill) => manifests.get(skill) ?? null,
    lane: (skill) => laneOf([manifests.get(skill)].filter((m): m is SkillManifest => m !== undefined)),
  });
  return { candidates: [{ plan: { version, nodes: [...nodes] }, evaluated: 0 } as unknown as Json], note: '' };
}

/** A person asked to try again, and nothing was planned since. */
const mayGoOn = ({ retries, replans, reopened }: Run): boolean => retries > 0 && replans === reopened.replans;

function whyEnded({ plan, nodes, problems }: Run): string {
  const failed = (plan?.nodes ?? []).flatMap((n) => {
    const at = nodes.get(n.id);
    return at?.status === 'failed' || at?.status === 'cancelled' ? [at.reason] : [];
  });
  if (failed.length > 0) return failed.join('; ');
  const why = problems.length === 0 ? '' : `: ${problems.join(' ')}`;
  return `all steps of the playbook are done, and what it promises does not hold${why}`;
}
