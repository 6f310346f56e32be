import {
  fold,
  isNoChange,
  makeSubgoalId,
  numberSteps,
  parseSubgoalId,
  readRun,
  runStream,
  subgoalStream,
  type Journal,
  type NumberedStep,
  type RunEvent,
  type RunHistory,
  type RunId,
  type SubgoalHistory,
  type SubgoalId,
} from '@praxis/core';

/** Part of a world's past: what was done in it under one seed, in the order in which it was done. */
export interface ReplaySegment {
  readonly seed: string;
  readonly steps: readonly NumberedStep[];
}

/** How many events of each stream count; of a stream that is not named, none. */
export type Cut = Readonly<Record<string, number>>;

type Reader = Pick<Journal, 'read'>;

/**
 * All that led a run's world to where it stands, or stood at a cut: what the run did itself, after the past of the run
 * that it was forked from or takes back.
 */
export async function worldPast(
  run: RunId,
  journal: Reader,
  cut: Cut | null = null,
): Promise<readonly ReplaySegment[]> {
  const whole = await readRun(run, journal);
  const events = cut === null ? whole.events : whole.events.slice(0, cut[runStream(run)] ?? 0);
  const { goal } = fold(events)!;
  const forked = events.findLast((e) => e.type === 'forked') ?? null;
  const own = whole.subgoals.map(({ subgoal, events: all }) => ({
    subgoal,
    events: all
      .slice(0, cut === null ? all.length : (cut[subgoalStream(subgoal)] ?? 0))
      .filter((e) => e.position >= sharedLength(subgoal, forked)),
  }));
  return [
    ...(await inherited(forked, goal.undoes, journal)),
    { seed: goal.seed, steps: inOrderDone({ events, subgoals: own, run }) },
  ];
}

/** Where a run parted from another one. */
export type Forked = Extract<RunEvent, { type: 'forked' }>;

async function inherited(
  forked: Forked | null,
  undoes: RunId | null,
  journal: Reader,
): Promise<readonly ReplaySegment[]> {
  if (forked) return worldPast(forked.parent, journal, forked.cut);
  return undoes === null ? [] : worldPast(undoes, journal);
}

/** How many events of a fork's subgoal are its parent's; none where the run is no fork. */
export function sharedLength(subgoal: SubgoalId, forked: Forked | null): number {
  if (!forked) return 0;
  const { node, attempt } = parseSubgoalId(subgoal)!;
  return forked.cut[subgoalStream(makeSubgoalId(forked.parent, node, attempt))] ?? 0;
}

/**
 * The steps that were begun and have an outcome, in the order of their outcomes: not what is pure and changed nothing,
 * nor what the gate refused. Clocks of executors may differ, so what was dispatched after another subgoal had settled comes after all of
 * it.
 */
function inOrderDone({
  events,
  subgoals,
  run,
}: Pick<RunHistory, 'events' | 'run'> & { readonly subgoals: readonly SubgoalHistory[] }): readonly NumberedStep[] {
  const lines = new Map<string, NumberedStep[]>(subgoals.map(({ subgoal }) => [subgoal, []]));
  for (const step of numberSteps(subgoals))
    if (step.result !== null && (step.effect !== null || changedSomething(step))) lines.get(step.subgoal)!.push(step);
  for (const line of lines.values()) line.sort((a, b) => a.observedAt! - b.observedAt! || a.number - b.number);
  const before = predecessors(events, run);
  const order: NumberedStep[] = [];
  for (;;) {
    const heads = [...lines].flatMap(([subgoal, [head]]) =>
      head && (before.get(subgoal) ?? []).every((other) => !lines.get(other)?.length) ? [head] : [],
    );
    const [first] = heads.sort((a, b) => a.observedAt! - b.observedAt! || a.number - b.number);
    if (!first) return order;
    order.push(lines.get(first.subgoal)!.shift()!);
  }
}

/** A world takes in what pure skills outside of it make. */
const changedSomething = ({ result, change }: NumberedStep): boolean =>
  result?.ok === true && change !== null && !isNoChange(change);

/** Which subgoals had settled when a subgoal was dispatched. */
function predecessors(events: readonly RunEvent[], run: RunId): ReadonlyMap<string, readonly string[]> {
  const settled: string[] = [];
  const before = new Map<string, readonly string[]>();
  for (const event of events) {
    if (event.type === 'settled') settled.push(makeSubgoalId(run, event.node, event.attempt));
    if (event.type === 'dispatched') before.set(makeSubgoalId(run, event.node, event.attempt), [...settled]);
  }
  return before;
}
