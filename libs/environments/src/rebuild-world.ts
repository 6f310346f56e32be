import {
  PraxisError,
  actionText,
  artifactsIn,
  diffStates,
  isNoChange,
  negate,
  snapshotsOf,
  type FailureCode,
  type Goal,
  type Journal,
  type NumberedStep,
  type RunId,
  type StateChange,
  type World,
  type WorldCatalog,
  type WorldFiles,
  type WorldSession,
} from '@praxis/core';
import { worldPast, type ReplaySegment } from './world-past.js';

/** A world that is to be brought where recorded steps led. */
export interface Rebuilding {
  /** Its seed is that of the session to make; eras may have had others. */
  readonly goal: Pick<Goal, 'world' | 'scenario' | 'problem' | 'seed'> & Partial<Pick<Goal, 'inputs'>>;
  /** Id of the session to make. */
  readonly sessionId: string;
  readonly past: readonly ReplaySegment[];
}

/**
 * Opens a world anew and does in it what was recorded, comparing every outcome; it fails with `conflict` at the first
 * one that differs. Only in worlds that can be cloned: what is done in a copy touches nothing outside, so nothing that
 * has an effect is ever repeated.
 */
export async function rebuildWorld({ goal, sessionId, past }: Rebuilding, worlds: WorldCatalog): Promise<WorldSession> {
  const world = await worlds.get(goal.world);
  const { offers, skills } = await world.describe();
  const own = new Set(skills.map(({ name }) => name));
  if (!offers.clones)
    throw new PraxisError(
      'invalid',
      `The world ${goal.world} takes no snapshots or cannot be cloned, so the past of a run in it cannot be brought back. Begin a new run instead.`,
    );
  const eras = joined([...past, { seed: goal.seed, steps: [] }]);
  const files = artifactsIn(goal.inputs);
  const { scenario, problem } = goal;
  let session: WorldSession | null = null;
  for (const [nth, { seed, steps }] of eras.entries()) {
    const id = nth === eras.length - 1 ? sessionId : `${sessionId}~${nth}`;
    session = await goOn(session, world, {
      scenario,
      problem,
      seed,
      sessionId: id,
      ...(files.length > 0 && { files }),
    });
    await repeat(steps, session, own);
  }
  return session!;
}

/** Eras of one seed are one. */
function joined(eras: readonly ReplaySegment[]): readonly ReplaySegment[] {
  const found: ReplaySegment[] = [];
  for (const era of eras) {
    const last = found.at(-1);
    if (last?.seed === era.seed) found[found.length - 1] = { seed: last.seed, steps: [...last.steps, ...era.steps] };
    else found.push(era);
  }
  return found;
}

/** The next session: where the one before stands, with a seed of its own. */
async function goOn(
  before: WorldSession | null,
  world: World,
  request: Parameters<World['open']>[0],
): Promise<WorldSession> {
  const session = await world.open(request);
  if (before === null) return session;
  await snapshotsOf(session).restore(await snapshotsOf(before).take());
  await before.close();
  return session;
}

/** A world does not say these itself: the action never came so far, or nobody knows, and it is taken for not done. */
const NOT_ASKED: ReadonlySet<FailureCode> = new Set([
  'stale',
  'timeout',
  'unavailable',
  'world-error',
  'denied',
  'budget',
  'cancelled',
  'unknown-outcome',
]);

async function repeat(steps: readonly NumberedStep[], session: WorldSession, own: ReadonlySet<string>): Promise<void> {
  for (const step of steps) {
    const recorded = step.result!;
    if (session.files !== undefined && !own.has(step.action.skill)) await takeIn(step, session.files);
    // What is pure changes nothing by itself: a change beside it is another agent's.
    else if (step.effect === null) continue;
    else if (recorded.ok) await repeatDone(step, session);
    else if (!NOT_ASKED.has(recorded.code)) await repeatFailed(step, session);
  }
}

async function repeatDone(step: NumberedStep, session: WorldSession): Promise<void> {
  const before = await session.observe();
  const { result, state } = await session.act(step.action, step.key);
  // What was really done elsewhere may have left the world as it was.
  if (!result.ok && !isNoChange(step.change!)) throw differs(step, `it fails now (${result.message})`);
  if (result.ok && !contains(diffStates(before, state ?? before), step.change!))
    throw differs(step, 'it changes other things now');
}

/** What a skill outside of the world made is not made again: the world takes in what it was then. */
async function takeIn(step: NumberedStep, world: WorldFiles): Promise<void> {
  const { result, change, key } = step;
  if (result?.ok !== true || change === null || isNoChange(change)) return;
  const files = result.output?.artifacts ?? [];
  const facts = [...change.added, ...change.removed.map(negate)].filter((fact) => !/^(\(not )?\(file /.test(fact));
  const { result: taken } = await world.record({ files, facts, taint: result.output?.taint ?? [] }, key);
  if (!taken.ok) throw differs(step, `the world does not take in what it made (${taken.message})`);
}

/** A refusal leaves no trace but chance: where it came from elsewhere, the world was not even asked. */
async function repeatFailed(step: NumberedStep, session: WorldSession): Promise<void> {
  const snapshots = snapshotsOf(session);
  const before = await snapshots.take();
  const { result } = await session.act(step.action, step.key);
  if (result.ok) await snapshots.restore(before);
}

/** Another agent's steps in between may stand in a recorded change too, so only what this action did is compared. */
function contains(now: StateChange, recorded: StateChange): boolean {
  return now.added.every((f) => recorded.added.includes(f)) && now.removed.every((f) => recorded.removed.includes(f));
}

function differs({ number, action }: NumberedStep, how: string): PraxisError {
  return new PraxisError(
    'conflict',
    `The world does not repeat what was recorded: at step ${number}, ${actionText(action)}, ${how}. It was changed since; begin a new run instead.`,
  );
}

/** The open world of a run, and where it is written how it came there should it be lost. */
export interface SessionLocator {
  readonly goal: Rebuilding['goal'];
  readonly session: string;
  /** Whose past it is. */
  readonly run: RunId;
  readonly journal: Pick<Journal, 'read'>;
}

/** Worlds that this process is bringing back: half of its past is no world to act in. */
const underWay = new Map<string, Promise<WorldSession>>();

/**
 * Finds an open world again; one that was lost is brought back by doing in a fresh one what was recorded. Doing so
 * twice at once is harmless, since the session's id and the keys are the recorded ones.
 */
export async function resumeWorld(
  { goal, session, run, journal }: SessionLocator,
  worlds: WorldCatalog,
): Promise<WorldSession> {
  const world = await worlds.get(goal.world);
  const rebuilding = underWay.get(session);
  if (rebuilding) return rebuilding;
  try {
    return await world.resume(session);
  } catch (thrown) {
    if (PraxisError.from(thrown).code !== 'missing') throw thrown;
  }
  const again = underWay.get(session) ?? restoreSession({ goal, session, run, journal }, worlds);
  underWay.set(session, again);
  return again.finally(() => underWay.delete(session));
}

async function restoreSession(
  { goal, session, run, journal }: SessionLocator,
  worlds: WorldCatalog,
): Promise<WorldSession> {
  try {
    return await rebuildWorld({ goal, sessionId: session, past: await worldPast(run, journal) }, worlds);
  } catch (thrown) {
    const error = PraxisError.from(thrown);
    // Nobody else was quicker: trying again would not help.
    throw error.code === 'conflict'
      ? new PraxisError('invalid', `The world was lost and does not come back. ${error.message}`, { cause: error })
      : error;
  }
}
