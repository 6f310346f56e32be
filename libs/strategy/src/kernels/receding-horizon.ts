import {
  isNoChange,
  isStale,
  applyChange,
  failureData,
  literalHolds,
  makeFailure,
  permanently,
  sameForAction,
  stateAt,
  type Action,
  type Effect,
  type Failure,
  type Move,
  type OpenedEvent,
  type Strategy,
  type StrategyEvent,
  type WorldState,
} from '@praxis/core';
import { withoutRefuted } from './failure-memory.js';
import { holdsByFacts, proposalSchema, stillRuns, type PlannedStep } from './planned-step.js';
import { refusalOf } from '../effects/refusal.js';

/** Why a plan is made again while it is being carried out. */
export type ReplanReason = 'mismatch' | 'failure' | 'idle' | 'stall';

/** How the wrapper behaves; the defaults are those of `search`. */
export interface HorizonParams {
  /** A step that slips is tried this often in a row before it counts as failed. */
  readonly slips: number;
  /** Take a snapshot after a refused action, for the reflector's trials. */
  readonly checkpoints: boolean;
}

/** Where a subgoal stands. */
export interface HorizonState {
  readonly opened: OpenedEvent;
  readonly world: WorldState;
  readonly rest: readonly PlannedStep[];
  readonly failures: readonly Failure[];
  /** Those of them that were seen here, not told at the beginning. */
  readonly own: readonly Failure[];
  /** Actions that went well and led nowhere; only this subgoal's proposals shun them. */
  readonly loops: readonly Failure[];
  readonly steps: number;
  readonly failedSteps: number;
  readonly plans: number;
  readonly slips: number;
  readonly tools: readonly string[];
  readonly effects: number;
}

/** What a finished subgoal reports in `ended.result`. */
export interface HorizonResult {
  readonly steps: number;
  readonly failedSteps: number;
  readonly replans: number;
  readonly toolsUsed: readonly string[];
  readonly failures: readonly Failure[];
}

/**
 * Receding horizon: propose a plan, run it until mismatch, failure or idleness, then propose again from what is seen.
 *
 * receding-horizon.1 At most `limits.replans` plans after the first, and at most `limits.steps` actions.
 * receding-horizon.2 A refused action is remembered with the facts about its arguments and goes into every later
 *                    proposal.
 * receding-horizon.3 An action that reports success but changes nothing it was expected to change counts as failed
 *                    (duplicate guard).
 * receding-horizon.4 The subgoal is done only when a verifier says that its condition holds.
 * receding-horizon.5 A plan is kept as long as it can still be expected to run: a change that does not touch it is no
 *                    surprise.
 * receding-horizon.6 Where its steps lead nowhere it drops the plan and makes another, which goes round what led
 *                    nowhere if it can.
 * receding-horizon.7 Where a person refuses what a thought costs, it ends with that.
 * receding-horizon.8 A stale decision is taken again in the world as it is: its plan goes on where it can, and is made
 *                    anew where not; that counts neither as a step, nor as a failure, nor as a new plan.
 * receding-horizon.9 Where decisions may be stale, what went well refutes what failed while the facts were the same,
 *                    and a refusal in a state in which other things were true of the arguments than was believed is not
 *                    remembered.
 * receding-horizon.10 What is refused for good is remembered as such, with the reason; what a person or a rule denies
 *                     ends the subgoal.
 */
export function recedingHorizon(id: string, params: HorizonParams): Strategy<HorizonState> {
  return {
    id,
    version: 1,
    begin(opened) {
      const state: HorizonState = {
        opened,
        world: opened.state,
        rest: [],
        failures: opened.avoid,
        own: [],
        loops: [],
        steps: 0,
        failedSteps: 0,
        plans: 0,
        slips: 0,
        tools: [],
        effects: 0,
      };
      return propose(state, opened.suggested);
    },
    on(state, event) {
      const refusal = refusalOf(event);
      if (refusal !== null) return finish(state, 'failed', refusal);
      switch (event.type) {
        case 'proposed':
          return adopt(state, event);
        case 'verified':
          return event.violations.length === 0
            ? finish(state, 'done', 'the condition holds')
            : replan(state, 'mismatch');
        case 'observed':
          return observe(state, event, params);
        case 'checkpointed':
          return replan(state, 'failure');
        default:
          return { state, effects: [] };
      }
    },
    progressKey: ({ failures, loops }) =>
      [...failures, ...loops].map((f) => `${f.action} ${f.code} ${f.facts.join()}`).sort(),
    // What was done stays done, since the world may be others' too; what is rolled back is the plan
    // (receding-horizon.6).
    stalled(state, { reason, steps, demand }) {
      if (demand === 'give-up') return finish(state, 'failed', reason);
      const loops = steps.map(({ action, before }) => makeFailure(action, 'effect-mismatch', before));
      return replan({ ...state, loops: unique([...state.loops, ...loops]) }, 'stall');
    },
  };
}

function emit(state: HorizonState, make: (id: string) => Effect): Move<HorizonState> {
  return { state: { ...state, effects: state.effects + 1 }, effects: [make(`e${state.effects}`)] };
}

function propose(state: HorizonState, suggested: readonly Action[]): Move<HorizonState> {
  const { condition, owner } = state.opened;
  // Histories of older releases were searched without this distinction (S9).
  const inherited = isJudged(state) ? { inherited: without(state.opened.avoid, state.own).map(failureData) } : {};
  const seen = { facts: [...state.world.facts], numbers: { ...state.world.numbers } };
  const failures = unique([...state.failures, ...state.loops]).map(failureData);
  const context = { state: seen, condition, owner, failures, suggested: [...suggested], ...inherited };
  return emit({ ...state, plans: state.plans + 1, rest: [], slips: 0 }, (id) => ({
    kind: 'propose',
    id,
    by: 'search',
    count: 1,
    context,
  }));
}

function replan(state: HorizonState, reason: ReplanReason): Move<HorizonState> {
  const { replans } = state.opened.limits;
  if (state.plans > replans)
    return finish(state, 'failed', `gave up after ${replans} new plans; the last one ended in ${reason}`);
  const keep = reason === 'mismatch' ? state.rest.map((s) => s.action) : [];
  return propose(state, keep);
}

function adopt(state: HorizonState, event: Extract<StrategyEvent, { type: 'proposed' }>): Move<HorizonState> {
  const best = event.candidates[0];
  if (best === undefined) return finish(state, 'failed', event.note);
  const proposal = proposalSchema.parse(best);
  return proceed({ ...state, rest: proposal.steps, tools: [...new Set([...state.tools, ...proposal.tools])] });
}

/** Goes on with the plan, or asks whether the condition holds where the plan is through (receding-horizon.4). */
function proceed(state: HorizonState): Move<HorizonState> {
  const { condition, limits } = state.opened;
  const first = state.rest[0];
  if (!first || holdsByFacts(condition, state.world) === true) {
    return emit(state, (id) => ({ kind: 'verify', id, by: 'world', candidate: condition, context: null }));
  }
  if (state.steps >= limits.steps) return finish(state, 'failed', `the ${limits.steps} steps that were left are spent`);
  if (!stillRuns(state.rest, state.world)) return replan(state, 'mismatch');
  return emit(state, (id) => ({
    kind: 'execute',
    id,
    action: first.action,
    why: `step 1 of ${state.rest.length}`,
    origin: first.origin,
    taint: first.taint,
  }));
}

type Observed = Extract<StrategyEvent, { type: 'observed' }>;

function observe(before: HorizonState, event: Observed, params: HorizonParams): Move<HorizonState> {
  const world = applyChange(before.world, event.change);
  if (isStale(event.result)) return retake({ ...before, world });
  const state: HorizonState = { ...before, world, steps: before.steps + 1 };
  return event.result.ok
    ? succeed(state, { believed: before.world, event, params })
    : reject(state, event.result, { believed: before.world, params });
}

function succeed(
  state: HorizonState,
  {
    believed,
    event,
    params,
  }: { readonly believed: WorldState; readonly event: Observed; readonly params: HorizonParams },
): Move<HorizonState> {
  const current = state.rest[0]!;
  const idle = !isNoChange(current.expects) && !happened(current, state.world);
  if (idle) return fail(state, current, 'effect-mismatch', params);
  const failures = isJudged(state)
    ? withoutRefuted(state.failures, current.action, stateAt(believed, event))
    : state.failures;
  return proceed({ ...state, failures, rest: state.rest.slice(1), slips: 0 });
}

type Refusal = Extract<Observed['result'], { ok: false }>;

function reject(
  state: HorizonState,
  { code, message, permanent }: Refusal,
  { believed, params }: { readonly believed: WorldState; readonly params: HorizonParams },
): Move<HorizonState> {
  const current = state.rest[0]!;
  const failed: HorizonState = { ...state, failedSteps: state.failedSteps + 1 };
  if (permanent === true) {
    const refused = remember(failed, permanently(makeFailure(current.action, code, failed.world), message));
    return code === 'denied' ? finish(refused, 'failed', message) : replan(refused, 'failure');
  }
  if (code === 'cancelled' || code === 'denied' || code === 'budget') return finish(failed, 'failed', message);
  if (code === 'effect-mismatch' && failed.slips + 1 < params.slips)
    return proceed({ ...failed, slips: failed.slips + 1 });
  const isOutdated =
    isJudged(state) && code === 'not-applicable' && !sameForAction(current.action, believed, state.world);
  return isOutdated ? replan(failed, 'failure') : fail(failed, current, code, params);
}

/** Decides again what was stale (receding-horizon.8). */
function retake(state: HorizonState): Move<HorizonState> {
  const isThrough = state.rest.length === 0 || holdsByFacts(state.opened.condition, state.world) === true;
  if (isThrough || stillRuns(state.rest, state.world)) return proceed(state);
  return propose(
    { ...state, plans: state.plans - 1 },
    state.rest.map((s) => s.action),
  );
}

/** Whether the stream was begun by a release that tells stale decisions from refusals. */
const isJudged = ({ opened }: HorizonState): boolean => opened.limits.stale !== undefined;

function happened(step: PlannedStep, world: WorldState): boolean {
  return (
    step.expects.added.some((f) => literalHolds(f, world)) ||
    step.expects.removed.some((f) => !literalHolds(f, world)) ||
    Object.keys(step.expects.numbers).length > 0
  );
}

function fail(
  state: HorizonState,
  step: PlannedStep,
  code: Failure['code'],
  params: HorizonParams,
): Move<HorizonState> {
  const remembered = remember(state, makeFailure(step.action, code, state.world));
  if (code === 'not-applicable' && params.checkpoints && state.opened.snapshots !== false)
    return emit(remembered, (id) => ({ kind: 'checkpoint', id }));
  return replan(remembered, code === 'effect-mismatch' ? 'idle' : 'failure');
}

/** The latest of its kind. */
const remember = (state: HorizonState, failure: Failure): HorizonState => ({
  ...state,
  failures: [...without(state.failures, [failure]), failure],
  own: [...without(state.own, [failure]), failure],
});

const unique = (failures: readonly Failure[]): Failure[] =>
  failures.filter((f, i) => failures.findIndex((g) => same(f, g)) === i);

const without = (failures: readonly Failure[], some: readonly Failure[]): Failure[] =>
  failures.filter((f) => !some.some((g) => same(f, g)));

const keyOf = (f: Failure): string => `${f.action}|${f.facts.join()}|${f.permanent === true}`;

const same = (a: Failure, b: Failure): boolean => keyOf(a) === keyOf(b);

function finish(state: HorizonState, outcome: 'done' | 'failed', reason: string): Move<HorizonState> {
  const earlier = new Set(state.opened.avoid.map(keyOf));
  const result = {
    steps: state.steps,
    failedSteps: state.failedSteps,
    replans: Math.max(0, state.plans - 1),
    toolsUsed: [...state.tools],
    failures: state.failures.filter((f) => !earlier.has(keyOf(f))),
  } satisfies HorizonResult;
  return {
    state,
    effects: [{ kind: 'finish', outcome, reason, result: { ...result, failures: result.failures.map(failureData) } }],
  };
}
