import {
  PraxisError,
  cleanPrefix,
  fold,
  makeSubgoalId,
  numberSteps,
  parseSubgoalId,
  readRun,
  runEvents,
  runStream,
  subgoalStream,
  rulesIn,
  type NodeId,
  type NumberedStep,
  type Run,
  type RunEvent,
  type RunHistory,
  type RunId,
  type SubgoalHistory,
} from '@praxis/core';
import { rebuildWorld, worldPast } from '@praxis/environments';
import { findPreset } from '@praxis/strategy';
import type { ForkRequest } from '@praxis/wire';
import { findStep } from '../find-step.js';
import type { PlannerParts } from '../parts.js';
import { lookAt, outlookOf, unworkable } from '../goals/refuse-unworkable.js';

type Parts = Pick<PlannerParts, 'store' | 'queues' | 'worlds' | 'archive' | 'newRunId'> &
  Partial<Pick<PlannerParts, 'models' | 'executor'>>;

/** What a fork shares with its parent. */
interface Cut {
  /** How many events of the run's stream. */
  readonly run: number;
  readonly subgoals: readonly { readonly history: SubgoalHistory; readonly length: number }[];
}

/**
 * Makes a run that shares another one's events up to a step, by reference, and goes on otherwise.
 *
 * fork-run.1 The fork's streams begin with the parent's events themselves; nothing is copied and nothing is done again.
 * fork-run.2 What is shared is what had been answered when the step was decided: no effect is cut in the middle.
 * fork-run.3 The fork has a world of its own, brought where the shared steps led and compared step by step on the way.
 * fork-run.4 The fork exists once `forked` is written; a crash before that leaves nothing that anybody sees.
 */
export async function forkRun(request: ForkRequest, parts: Parts): Promise<RunId> {
  const parent = await readRun(request.run, parts.store.journal);
  const steps = numberSteps(parent.subgoals);
  const point = findStep(request.at, steps, request.run);
  const restarts = request.strategy !== null || request.freshArchive;
  if (restarts && request.action !== null)
    throw new PraxisError(
      'invalid',
      'A fork that changes the strategy or the archive begins its subgoals anew; it cannot change a step of one as well. Make two forks.',
    );
  if (parent.state.goal.undoes !== null)
    throw new PraxisError(
      'invalid',
      `The run ${request.run} takes back another one (${parent.state.goal.undoes}), outside as well; it cannot be forked.`,
    );
  if (request.strategy === 'rollback')
    throw new PraxisError('invalid', 'A run is taken back with `praxis rollback RUN`, not by a fork.');
  if (request.strategy !== null) await refuseWithoutRules(request.strategy, parent.state, parts);
  const cut = cutAt(point, parent);
  const run = parts.newRunId();
  const state = fold(parent.events.slice(0, cut.run))!;
  const event = await forkedEvent({ request, run, state, cut, point, restarts }, parts);
  await shareStreams({ run, parent: request.run, cut, restarts }, parts);
  await parts.store.journal.append(runStream(run), cut.run, [runEvents.encode(event)]);
  await parts.queues.add('advance', { run });
  return run;
}

/** Another strategy may need the rules that this run's world does not tell. */
async function refuseWithoutRules(strategy: string, { goal, opened }: Run, parts: Parts): Promise<void> {
  findPreset(strategy);
  if (opened === null) return;
  const hasModel = (await parts.models?.isThere()) === true;
  const known = { world: goal.world, strategy, tellsRules: rulesIn(opened) !== null, hasModel };
  if (unworkable(known) === null) return;
  const { recordsFacts } = (await lookAt(goal, parts)) ?? { recordsFacts: true };
  // What holds at the point of the fork is seen when it plans.
  const look = { tellsRules: known.tellsRules, condition: opened.condition, facts: null, recordsFacts };
  const overSkills = await outlookOf({ ...goal, condition: opened.condition }, look, parts.executor);
  const reason = unworkable({ ...known, ...(overSkills.kind === 'searchable' && { overSkills }) });
  if (reason !== null) throw new PraxisError('invalid', reason);
}

/** fork-run.2: run events up to the step's time, as far as the streams they speak of are shared. */
function cutAt(point: NumberedStep, { stored, events, subgoals, run }: RunHistory): Cut {
  const { node, attempt } = parseSubgoalId(point.subgoal)!;
  const dispatched = events.findIndex((e) => e.type === 'dispatched' && e.node === node && e.attempt === attempt);
  const length = 1 + stored.findLastIndex((e, i) => e.at < point.at || i <= dispatched);
  const known = new Set(
    events.slice(0, length).flatMap((e) => (e.type === 'dispatched' ? [makeSubgoalId(run, e.node, e.attempt)] : [])),
  );
  // What has settled is shared whole, whatever the clock of its executor says.
  const settled = new Set(
    events.slice(0, length).flatMap((e) => (e.type === 'settled' ? [makeSubgoalId(run, e.node, e.attempt)] : [])),
  );
  const shared = subgoals
    .filter((s) => known.has(s.subgoal))
    .map((history) => ({
      history,
      length: settled.has(history.subgoal) ? history.events.length : sharedLength(history, point),
    }));
  return { run: length, subgoals: shared };
}

function sharedLength(history: SubgoalHistory, point: NumberedStep): number {
  if (history.subgoal !== point.subgoal) return cleanPrefix(history, point.at);
  return cleanPrefix({ ...history, events: history.events.slice(0, point.position) }, Infinity);
}

interface Making {
  readonly request: ForkRequest;
  readonly run: RunId;
  readonly state: Run;
  readonly cut: Cut;
  readonly point: NumberedStep;
  readonly restarts: boolean;
}

async function forkedEvent({ request, run, state, cut, point, restarts }: Making, parts: Parts): Promise<RunEvent> {
  const lengths = Object.fromEntries([
    [runStream(request.run), cut.run],
    ...cut.subgoals.filter((s) => s.length > 0).map((s) => [subgoalStream(s.history.subgoal), s.length]),
  ]);
  const goal = { ...state.goal, seed: request.seed ?? state.goal.seed };
  const session = await rebuildWorld(
    { goal, sessionId: run, past: await worldPast(request.run, parts.store.journal, lengths) },
    parts.worlds,
  );
  const { node, attempt } = parseSubgoalId(point.subgoal)!;
  const tools = request.freshArchive
    ? [...(await parts.archive.find({ space: state.goal.archive.space, domain: state.opened!.domainName }))]
    : null;
  return {
    type: 'forked',
    parent: request.run,
    session: session.id,
    cut: lengths,
    overrides: {
      seed: request.seed,
      strategy: request.strategy,
      versions: request.strategy === null ? null : versionsOf(request.strategy),
      tools,
      action: request.action && { node, attempt, step: point.step, action: request.action },
    },
    again: restarts ? dispatchedNodes(state) : [],
  };
}

function versionsOf(strategy: string): { planning: number; acting: number } {
  const { planning, acting } = findPreset(strategy);
  return { planning: planning.version, acting: acting.version };
}

const dispatchedNodes = (state: Run): NodeId[] =>
  [...state.nodes].flatMap(([id, at]) => (at.status === 'dispatched' ? [id] : []));

/** fork-run.1. Subgoals that begin anew share nothing. */
async function shareStreams(
  {
    run,
    parent,
    cut,
    restarts,
  }: { readonly run: RunId; readonly parent: RunId; readonly cut: Cut; readonly restarts: boolean },
  { store: { journal } }: Parts,
): Promise<void> {
  for (const { history, length } of cut.subgoals) {
    const isOpen = history.events[length - 1]?.type !== 'ended';
    if (length === 0 || (restarts && isOpen)) continue;
    const { node, attempt } = parseSubgoalId(history.subgoal)!;
    await journal.fork(subgoalStream(makeSubgoalId(run, node, attempt)), subgoalStream(history.subgoal), length);
  }
  await journal.fork(runStream(run), runStream(parent), cut.run);
}
