import {
  PraxisError,
  artifactsIn,
  mismatch,
  ruleTexts,
  runStream,
  type Divergence,
  type RecordedRun,
  type WorldCatalog,
  type WorldInfo,
} from '@praxis/core';
import { replayWorld } from '@praxis/environments';
import { replayHistory, type HistoryReplayed } from '@praxis/strategy';
import { verifySearches, type SearchAgain } from './verify-searches.js';
import { tookIn, worldRecordOf } from './world-record.js';

/**
 * `reuse` carries nothing out; `verify` does again what is deterministic: searches, and actions in simulated worlds.
 */
export type ReplayMode = 'reuse' | 'verify';

/** What a replay found. */
export interface ReplayReport {
  readonly run: string;
  readonly mode: ReplayMode;
  readonly events: number;
  readonly decisions: number;
  /** What was not done again, and why; empty for `reuse`. */
  readonly left: readonly string[];
  readonly divergence: Divergence | null;
}

/** What `verify` works with; `worlds` must be worlds of this process, whose sessions nobody else uses. */
export interface VerifyParts extends SearchAgain {
  readonly worlds: WorldCatalog;
}

/** Replays a recorded run up to its first divergence. */
export async function replayRecorded(
  recorded: RecordedRun,
  mode: ReplayMode,
  parts: VerifyParts,
): Promise<ReplayReport> {
  const replayed = replayHistory({ recorded });
  const decisions = [...replayed.subgoals.values()].reduce(
    (sum, { answers }) => sum + answers.filter((a) => a.decided !== null).length,
    0,
  );
  const report: ReplayReport = {
    run: recorded.run,
    mode,
    events: replayed.events,
    decisions,
    left: [],
    divergence: replayed.divergence,
  };
  if (mode === 'reuse' || report.divergence) return report;
  if (recorded.state.goal.undoes !== null)
    return { ...report, left: ['searches and world: the run takes back another one, which is not in this history'] };
  const world = await verifyWorld(recorded, replayed, parts);
  return {
    ...report,
    left: world.left,
    divergence: world.divergence ?? (await verifySearches(recorded, replayed, parts)),
  };
}

type Verified = Pick<ReplayReport, 'left' | 'divergence'>;

async function verifyWorld(
  recorded: RecordedRun,
  replayed: HistoryReplayed,
  { worlds }: VerifyParts,
): Promise<Verified> {
  const { goal, opened } = recorded.state;
  const leave = (why: string): Verified => ({ left: [`world: ${why}`], divergence: null });
  if (opened === null) return leave('the run never opened it');
  const found = await findWorld(goal.world, worlds);
  if (typeof found === 'string') return leave(found);
  const { world, info } = found;
  if (!info.offers.clones) return leave(`${goal.world} is no simulation, and what was done there is not done again`);
  if (artifactsIn(goal.inputs).length > 0)
    return leave('the bytes of the files that it began with are not in a history');
  const record = worldRecordOf(recorded, replayed, info.skills);
  const others =
    [...replayed.subgoals.values()].flatMap((s) => s.answers).filter((a) => a.tried !== null).length -
    record.acts.length;
  const session = await world.open({ ...record.request, sessionId: `${record.request.sessionId}~briefing` });
  const { rules: told, agents } = await session.briefing();
  const keepsWork = session.files !== undefined && tookIn(replayed, info.skills);
  await session.close();
  const position = recorded.events.findIndex((e) => e.type === 'opened');
  const rules = mismatch(
    'opened',
    { ...ruleTexts(told), agents },
    { domain: opened.domain, problem: opened.problem, agents: opened.agents },
  );
  if (rules) return { left: [], divergence: { stream: runStream(recorded.run), position, ...rules } };
  if (keepsWork) return leave('it took in what skills outside of it made, and they are not called again');
  return {
    left: others > 0 ? [`${others} steps that were not done in the world`] : [],
    divergence: await replayWorld(record, world),
  };
}

async function findWorld(
  name: string,
  worlds: WorldCatalog,
): Promise<{ readonly world: Awaited<ReturnType<WorldCatalog['get']>>; readonly info: WorldInfo } | string> {
  try {
    const world = await worlds.get(name);
    return { world, info: await world.describe() };
  } catch (thrown) {
    return PraxisError.from(thrown).message;
  }
}
