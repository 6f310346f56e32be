import { readRun, type Goal, type RunEvent, type RunId, type Tool, type WorldSession } from '@praxis/core';
import { findPreset } from '@praxis/strategy';
import type { PlannerParts } from './parts.js';
import { sessionOf } from './session-of.js';

/**
 * Opens the world of a run and pins the run to what it begins with: the world's rules as the agent believes them and
 * the archive's active tools (S9). The session's id is the run's, so that a repetition after a crash opens nothing twice.
 */
export async function openRun(run: RunId, goal: Goal, parts: Pick<PlannerParts, 'worlds' | 'archive' | 'log' | 'approvals' | 'store'>): Promise<RunEvent> {
  const world = await parts.worlds.get(goal.world);
  const session = goal.undoes === null ? await world.open({ scenario: goal.scenario, problem: goal.problem, seed: goal.seed, sessionId: run }) : await undoneWorld(goal.undoes, parts);
  const briefing = await session.briefing();
  const domainName = domainNameOf(briefing.domain);
  const preset = findPreset(goal.strategy);
  return {
    type: 'opened',
    session: session.id,
    domainName,
    domain: briefing.domain,
    problem: briefing.problem,
    condition: goal.undoes === null ? goal.condition || briefing.condition : '',
    agents: [...briefing.agents],
    approvals: [...parts.approvals],
    versions: { planning: preset.planning.version, acting: preset.acting.version },
    tools: goal.archive.use ? await findTools(goal.archive.space, domainName, parts) : [],
  };
}

/** What is taken back is taken back in the world where it was done. */
async function undoneWorld(run: RunId, parts: Pick<PlannerParts, 'store' | 'worlds'>): Promise<WorldSession> {
  const { state } = await readRun(run, parts.store.journal);
  return sessionOf(run, state, parts);
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
