import { type Goal, type RunEvent, type RunId, type Tool } from '@praxis/core';
import type { PlannerParts } from './parts.js';

/**
 * Opens the world of a run and pins the run to what it begins with: the world's rules as the agent believes them and
 * the archive's active tools (S9). The session's id is the run's, so that a repetition after a crash opens nothing twice.
 */
export async function openRun(run: RunId, goal: Goal, parts: Pick<PlannerParts, 'worlds' | 'archive' | 'log'>): Promise<RunEvent> {
  const world = await parts.worlds.get(goal.world);
  const session = await world.open({ scenario: goal.scenario, problem: goal.problem, seed: goal.seed, sessionId: run });
  const briefing = await session.briefing();
  const domainName = domainNameOf(briefing.domain);
  return {
    type: 'opened',
    session: session.id,
    domainName,
    domain: briefing.domain,
    problem: briefing.problem,
    condition: goal.condition || briefing.condition,
    agents: [...briefing.agents],
    tools: goal.archive.use ? await findTools(goal.archive.space, domainName, parts) : [],
  };
}

/** Tools help but are not needed: without the archive the run goes on without them. */
async function findTools(space: string, domain: string, parts: Pick<PlannerParts, 'archive' | 'log'>): Promise<Tool[]> {
  try {
    return [...(await parts.archive.find({ space, domain }))];
  } catch (err) {
    parts.log.warn('the archive does not answer; the run begins without tools', { err });
    return [];
  }
}

function domainNameOf(pddl: string): string {
  return /\(\s*domain\s+([^\s()]+)\s*\)/i.exec(pddl)?.[1]?.toLowerCase() ?? '';
}
