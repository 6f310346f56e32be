import { resolveValue } from '@praxis/expressions';
import {
  PraxisError,
  numberSteps,
  parseSubgoalId,
  planningStream,
  replayAssignment,
  replayOrder,
  replayRun,
  runStream,
  subgoalStream,
  type Divergence,
  type RecordedRun,
  type Strategy,
  type SubgoalHistory,
  type SubgoalId,
} from '@praxis/core';
import type { ForcedStep } from '../contract/context.js';
import { findPinned } from '../presets/presets.js';
import { replayStream, type StreamReplayed } from './replay-stream.js';

/** How a history is replayed. */
export interface HistoryReplay {
  readonly recorded: RecordedRun;
  /** Finds a pinned strategy (S9). */
  readonly find?: (id: string, part: 'planning' | 'acting', version: number) => Strategy<unknown>;
}

/** What a replay went through, stream by stream. */
export interface HistoryReplayed {
  /** The first place in time at which something else was recorded than would be written now. */
  readonly divergence: Divergence | null;
  readonly plannings: ReadonlyMap<number, StreamReplayed>;
  readonly subgoals: ReadonlyMap<SubgoalId, StreamReplayed>;
  /** Events that were gone through. */
  readonly events: number;
}

/** Replays all streams of a run and carries nothing out. */
export function replayHistory(replay: HistoryReplay): HistoryReplayed {
  const { recorded, find = findPinned } = replay;
  const { state, run } = recorded;
  const found: Divergence[] = [];
  const note = (divergence: Divergence | null): void => void (divergence && found.push(divergence));
  note(guarded(runStream(run), () => replayRun(recorded, resolveValue)));
  const versions = state.opened?.versions ?? { planning: 1, acting: 1 };
  const plannings = new Map<number, StreamReplayed>();
  for (const [version, events] of recorded.plannings) {
    const replayed = replayStream({
      subgoal: `${run}.${version}`,
      strategy: find(state.goal.strategy, 'planning', versions.planning),
      events,
    });
    plannings.set(version, replayed);
    note(replayed.divergence ?? guarded(planningStream(run, version), () => replayOrder(recorded, version, events)));
  }
  const subgoals = new Map<SubgoalId, StreamReplayed>();
  const effectful = effectfulSkills(recorded);
  for (const history of recorded.subgoals) {
    const replayed = replaySubgoal(
      history,
      { recorded, effectful },
      find(strategyOf(history, recorded), 'acting', versions.acting),
    );
    subgoals.set(history.subgoal, replayed);
    note(replayed.divergence ?? guarded(subgoalStream(history.subgoal), () => replayAssignment(recorded, history)));
  }
  const events =
    recorded.stored.length +
    [...recorded.plannings.values(), ...recorded.subgoals.map((s) => s.events)].reduce(
      (sum, list) => sum + list.length,
      0,
    );
  return { divergence: earliest(found, recorded), plannings, subgoals, events };
}

function replaySubgoal(
  { subgoal, events }: SubgoalHistory,
  { recorded, effectful }: { readonly recorded: RecordedRun; readonly effectful: ReadonlySet<string> },
  strategy: Strategy<unknown>,
): StreamReplayed {
  return replayStream({
    subgoal,
    strategy,
    events,
    effectful,
    forced: forcedStep(recorded, subgoal),
    shared: sharedLength(recorded, subgoal),
  });
}

/** What was tried once changes something every time. */
function effectfulSkills({ subgoals }: RecordedRun): ReadonlySet<string> {
  return new Set(numberSteps(subgoals).flatMap((s) => (s.effect === null ? [] : [s.action.skill])));
}

/** A fork may go on with another strategy than the one with which its first subgoals were done. */
function strategyOf({ events }: SubgoalHistory, { state }: RecordedRun): string {
  const opened = events[0]?.data as { readonly strategy?: string } | undefined;
  return opened?.strategy ?? state.goal.strategy;
}

/** What a fork decides otherwise in a subgoal. */
export function forcedStep({ state }: Pick<RecordedRun, 'state'>, subgoal: SubgoalId): ForcedStep | null {
  const forced = state.forked?.overrides.action;
  const id = parseSubgoalId(subgoal);
  return forced && forced.node === id?.node && forced.attempt === id.attempt
    ? { step: forced.step, action: forced.action }
    : null;
}

/** How many events a fork's subgoal shares with its parent's. */
function sharedLength({ events }: RecordedRun, subgoal: SubgoalId): number {
  const { node, attempt } = parseSubgoalId(subgoal) ?? { node: '', attempt: 0 };
  const lengths = events.flatMap((e) =>
    e.type === 'forked' ? [e.cut[`subgoal/${e.parent}.${node}.${attempt}`] ?? 0] : [],
  );
  return Math.max(0, ...lengths);
}

/** Events that no planner can have written may not even be understood. */
function guarded(stream: string, replay: () => Divergence | null): Divergence | null {
  try {
    return replay();
  } catch (thrown) {
    return { stream, position: 0, expected: 'a history that can be folded', found: PraxisError.from(thrown).message };
  }
}

function earliest(found: readonly Divergence[], recorded: RecordedRun): Divergence | null {
  const all = [recorded.stored, ...recorded.plannings.values(), ...recorded.subgoals.map((s) => s.events)];
  const at = ({ stream, position }: Divergence): number =>
    all.find((events) => events[0]?.stream === stream)?.[position]?.at ?? Infinity;
  return found.length === 0 ? null : found.reduce((first, each) => (at(each) < at(first) ? each : first));
}
