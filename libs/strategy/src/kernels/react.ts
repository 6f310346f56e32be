import {
  actionText,
  applyChange,
  isRefusal,
  isStale,
  makeFailure,
  ownChange,
  permanentFailure,
  permanently,
  sameForAction,
  stateAt,
  stateDigest,
  type Json,
  type Move,
  type Strategy,
  type StrategyEvent,
  type WorldState,
} from '@praxis/core';
import { candidateText, readActorCandidates, type ActCandidate, type ActorCandidate } from '../contract/candidates.js';
import { failedBefore, uniqueFailures, withFailure, withoutRefuted } from './failure-memory.js';
import { noteProblem, noteStep, startSegment } from './memory-view.js';
import { holdsByFacts } from './planned-step.js';
import { beginReact, contextOf, emit, isJudged, partsHeld, type ReactParams, type ReactState } from './react-state.js';
import { finish } from './react-finish.js';
import { resolveReferences, type ResolvedCandidate } from './react-references.js';
import { evidenceOf, hear, nextOutputName } from './react-outputs.js';
import { refusalOf } from '../effects/refusal.js';
import { EVEN_WEIGHTS, select } from '../contract/selector.js';

type Of<T extends StrategyEvent['type']> = Extract<StrategyEvent, { type: T }>;

/** What the loop does where nobody says otherwise. */
export const REACT_DEFAULTS: ReactParams = {
  candidates: 4,
  weights: EVEN_WEIGHTS,
  slips: 3,
  checkpoints: true,
  strikes: 3,
  questions: 3,
  memory: 'hierarchical',
};

/**
 * Think, act, look: one action at a time is proposed from what is seen, and what is needed and not known is asked for.
 * Where it is not sure it has several proposed and judged.
 *
 * react.1 At most `limits.steps` actions, each of which was proposed as it is done, and at most `questions` questions.
 * react.2 It is done only when a verifier says that the condition holds; where the facts alone say so, nobody is asked
 *         first.
 * react.3 What the world refused is not done again in that very world; what failed is remembered, and told at every
 *         proposal.
 * react.4 `strikes` proposals in a row that lead to nothing end it, with what was wrong with the last one.
 * react.5 After a failure, in a world that was there before, and where it would do again what failed, it asks for
 *         several candidates and takes the best by votes and judge, less for each time it was done here.
 * react.6 What people said once is not asked again.
 * react.7 Where a person refuses what a thought costs, it ends with that.
 * react.8 What a skill outside the world answers is shown at every later proposal, and its source taints what is
 *         decided later.
 * react.9 A world that takes no snapshots is never asked for one.
 * react.10 What was stale is decided again from the world as it is; it is no step, no failure, and not remembered as
 *          tried.
 * react.11 Where decisions may be stale, a failure is remembered with the facts of the world that refused, not at all
 *          where others had been believed of its arguments, and what went well while the facts were the same refutes
 *          it.
 * react.12 What is refused for good is not done again in this run; what a person or a rule denies ends the subgoal.
 * react.13 A model's arguments may refer to inputs and outputs; what is decided holds their values (react-references).
 */
export function react(id: string, params: ReactParams = REACT_DEFAULTS): Strategy<ReactState> {
  return {
    id,
    version: 1,
    begin: (opened) => next(beginReact(opened), params),
    on(state, event) {
      const refusal = refusalOf(event);
      if (refusal !== null) return finish(state, 'failed', refusal);
      switch (event.type) {
        case 'proposed':
          return consider(state, event, params);
        case 'scored':
          return choose(state, event.scores, params);
        case 'observed':
          return observe(state, event, params);
        case 'verified':
          if (event.violations.length === 0) return finish(state, 'done', 'the condition holds');
          return next(
            { ...doubt(state, `the condition does not hold yet: ${event.violations.join('; ')}`), notYet: state.here },
            params,
          );
        case 'answered':
          return next(
            { ...state, answers: [...state.answers, [state.question, wordsOf(event.answer)]], strikes: 0 },
            params,
          );
        case 'checkpointed':
          return next(state, params);
        default:
          return { state, effects: [] };
      }
    },
    progressKey: ({ failures, loops, answers, answered }) => ({
      failures: [...failures, ...loops].map((f) => `${f.action} ${f.code} ${f.facts.join()}`).sort(),
      answers: answers.map(([question, answer]) => [question, answer]),
      // A call that was answered before is nothing new.
      ...(answered.length > 0 && { answered: answered.toSorted() }),
    }),
    stalled(state, { reason, steps, demand }) {
      if (demand === 'give-up') return finish(state, 'failed', reason);
      const loops = uniqueFailures([
        ...state.loops,
        ...steps.map(({ action, before }) => makeFailure(action, 'effect-mismatch', before)),
      ]);
      const doubtful = doubt({ ...state, loops, stalls: state.stalls + 1 }, reason);
      return next({ ...doubtful, memory: startSegment(doubtful.memory) }, params);
    },
  };
}

/** Something is wrong: it is told at the next proposal, which is for several candidates. */
const doubt = (state: ReactState, problem: string): ReactState => ({
  ...state,
  isUncertain: true,
  memory: noteProblem(state.memory, problem),
});

const wordsOf = (answer: Json): string => {
  if (answer === null) return 'nobody knows';
  return typeof answer === 'string' ? answer : JSON.stringify(answer);
};

/** The cheap test, then the limits, then a proposal (react.1, react.2). */
function next(state: ReactState, params: ReactParams): Move<ReactState> {
  const { condition, limits } = state.opened;
  const holds = holdsByFacts(condition, state.world);
  const isSpent = state.steps >= limits.steps;
  // Where the facts do not tell, the last action may have done it.
  if ((holds === true || (holds === null && isSpent)) && state.notYet !== state.here) return verify(state);
  if (isSpent) return finish(state, 'failed', `the ${limits.steps} steps that were left are spent`);
  const asking = { ...state, samples: state.isUncertain ? params.candidates : 1, choice: [], current: null, slips: 0 };
  return emit(asking, (id) => ({
    kind: 'propose',
    id,
    by: 'actor',
    count: asking.samples,
    context: contextOf(asking, params.memory),
  }));
}

const verify = (state: ReactState): Move<ReactState> =>
  emit(state, (id) => ({
    kind: 'verify',
    id,
    by: 'world',
    candidate: state.opened.condition,
    context: evidenceOf(state),
  }));

type UsefulCandidate = Exclude<ActorCandidate, { kind: 'stuck' }>;

function consider(state: ReactState, { candidates, note }: Of<'proposed'>, params: ReactParams): Move<ReactState> {
  const read = readActorCandidates(candidates).map((candidate) => resolveReferences(state, candidate));
  const isUseful = (c: ResolvedCandidate): c is ResolvedCandidate<UsefulCandidate> =>
    uselessness(state, c, params) === null;
  const useful = read.filter(isUseful).map(({ candidate }) => candidate);
  const [first] = useful;
  if (!first)
    return strike(state, read[0] ? uselessness(state, read[0], params)! : nothingIn(candidates, note), params);
  if (first.kind === 'done') return verify({ ...state, answer: first.answer ?? state.answer });
  if (first.kind === 'ask')
    return emit({ ...state, question: first.question }, (id) => ({
      kind: 'ask',
      id,
      to: '',
      question: first.question,
    }));
  const isRepeated = failedBefore(state.failures, first.action, state.world);
  if (isRepeated && state.samples < params.candidates)
    return next(doubt(state, `${candidateText(first)} failed here before`), params);
  const acts = useful.filter((c) => c.kind === 'act');
  if (acts.length === 1) return perform(state, first);
  const choice: ReactState = { ...state, choice: acts };
  return emit(choice, (id) => ({
    kind: 'evaluate',
    id,
    by: 'judge',
    candidates: acts,
    context: contextOf(choice, params.memory),
  }));
}

const nothingIn = (candidates: readonly Json[], note: string): string => {
  if (candidates.length === 0) return note === '' ? 'nothing was proposed' : note;
  return 'what was proposed is no action, and neither done, ask nor stuck';
};

/** Why a candidate leads to nothing; null where it may lead somewhere. */
function uselessness(state: ReactState, { candidate, missing }: ResolvedCandidate, params: ReactParams): string | null {
  if (missing !== null) return `a reference leads nowhere: ${missing}; write $$ for a text that begins with $`;
  switch (candidate.kind) {
    case 'act': {
      const text = actionText(candidate.action);
      const forGood = permanentFailure(state.failures, candidate.action);
      if (forGood) return `${text} is refused for the rest of the run: ${forGood.reason ?? forGood.code}`;
      const before = state.tried.find(
        (t) =>
          t.action === text &&
          (t.outcome === 'invalid-args' || (t.outcome === 'not-applicable' && t.where === state.here)),
      );
      return before ? `${text} was refused here before` : null;
    }
    case 'done':
      return state.notYet === state.here ? 'it is said to be done, and the condition does not hold' : null;
    case 'ask':
      if (state.answers.some(([question]) => question === candidate.question))
        return `this is answered already: ${candidate.question}`;
      return state.answers.length < params.questions
        ? null
        : 'no more questions are answered; decide with what is known';
    case 'stuck':
      return `it is stuck: ${candidate.why}`;
  }
}

/** A proposal that led to nothing (react.4). */
function strike(state: ReactState, problem: string, params: ReactParams): Move<ReactState> {
  const strikes = state.strikes + 1;
  if (strikes < params.strikes) return next(doubt({ ...state, strikes }, problem), params);
  const done = `after ${state.steps} steps, of which ${state.failedSteps} failed`;
  return finish(
    { ...state, strikes },
    'failed',
    `gave up ${done}: ${strikes} proposals in a row led to nothing; the last: ${problem}`,
  );
}

function choose(state: ReactState, scores: readonly number[], params: ReactParams): Move<ReactState> {
  const scored = state.choice.map((candidate, i) => ({
    judge: scores[i] ?? 0,
    times: candidate.times,
    revisits: revisits(state, candidate),
    effect: candidate.effect,
  }));
  return perform(state, state.choice[select(scored, params.weights, state.samples)]!);
}

/** How often it was done in this very world, and once more where it failed in the like of it. */
function revisits(state: ReactState, { action }: ActCandidate): number {
  const text = actionText(action);
  const times = state.tried.filter((t) => t.where === state.here && t.action === text).length;
  return times + (failedBefore(state.failures, action, state.world) ? 1 : 0);
}

function perform(state: ReactState, candidate: ActCandidate): Move<ReactState> {
  const { action, why, origin } = candidate;
  const taint = [...new Set([...candidate.taint, ...state.sources])];
  return emit({ ...state, choice: [], current: candidate, strikes: 0 }, (id) => ({
    kind: 'execute',
    id,
    action,
    why,
    origin,
    taint,
    ...(state.opened.seed !== undefined && { as: nextOutputName(state) }),
  }));
}

type Rejected = Extract<Of<'observed'>['result'], { ok: false }>;

function observe(standing: ReactState, event: Of<'observed'>, params: ReactParams): Move<ReactState> {
  const { result, change, polling, answeredBy } = event;
  const before = hear(standing, event);
  const isNews = before.answered !== standing.answered;
  const { action } = before.current!;
  const world = applyChange(before.world, change);
  const here = stateDigest(world);
  const memory = noteStep(before.memory, {
    action,
    outcome: result.ok ? 'ok' : result.code,
    message: result.message,
    change,
    own: ownChange(before.world, event),
    ...(answeredBy !== undefined && { answeredBy }),
  });
  const seen = before.seen.includes(here) ? before.seen : [...before.seen, here];
  if (isStale(result)) return next({ ...before, world, here, seen, memory }, params);
  const at = isJudged(before) ? stateAt(before.world, event) : before.world;
  const state: ReactState = {
    ...before,
    world,
    here,
    steps: before.steps + 1,
    // To look again at something that was asked to be looked at again is no circle.
    isUncertain: polling !== true && !isNews && before.seen.includes(here),
    seen,
    // A refusal belongs to the world that refused, which is the one that is seen after it.
    tried: [...before.tried, triedAt(before, here, result)],
    memory,
    ...(isJudged(before) && noteSuccess(before, event, at)),
  };
  if (!result.ok) return failed(state, { before, at }, result, params);
  const isFurther = partsHeld(state) > partsHeld(before);
  return next(isFurther ? { ...state, memory: startSegment(state.memory) } : state, params);
}

function triedAt(before: ReactState, here: string, result: Of<'observed'>['result']): ReactState['tried'][number] {
  const where = isJudged(before) && isRefusal(result) ? here : before.here;
  return { where, action: actionText(before.current!.action), outcome: result.ok ? 'ok' : result.code };
}

/** What an action that went well teaches: with which facts it did, and what it refutes (react.11). */
function noteSuccess(
  { failures, successes, current }: ReactState,
  { result }: Of<'observed'>,
  at: WorldState,
): Partial<ReactState> {
  if (!result.ok) return {};
  const { action } = current!;
  const { facts } = makeFailure(action, 'not-applicable', at);
  return {
    failures: withoutRefuted(failures, action, at),
    successes: [...successes, { action: actionText(action), facts }],
  };
}

function failed(
  after: ReactState,
  { before, at }: { readonly before: ReactState; readonly at: WorldState },
  result: Rejected,
  params: ReactParams,
): Move<ReactState> {
  const current = before.current!;
  const state: ReactState = { ...after, failedSteps: after.failedSteps + 1, isUncertain: true };
  const { code, message } = result;
  if (result.permanent === true) return forGood(state, { current, at, result }, params);
  if (code === 'cancelled' || code === 'denied' || code === 'budget') return finish(state, 'failed', message);
  if (code === 'effect-mismatch' && maySlip(state, before, params))
    return perform({ ...state, slips: before.slips + 1 }, current);
  if (code === 'not-applicable' && !sameForAction(current.action, before.world, at)) return next(state, params);
  const failure = makeFailure(current.action, code, at);
  const remembered: ReactState = {
    ...state,
    failures: withFailure(state.failures, failure),
    own: withFailure(state.own, failure),
  };
  if (code === 'not-applicable' && takesSnapshots(state, params))
    return emit(remembered, (id) => ({ kind: 'checkpoint', id }));
  return next(remembered, params);
}

/** Whether what slipped, and changed nothing, is done once more at once. */
const maySlip = (state: ReactState, before: ReactState, { slips }: ReactParams): boolean =>
  state.here === before.here && before.slips + 1 < slips && state.steps < state.opened.limits.steps;

/** Remembers what is refused for good (react.12). */
function forGood(
  state: ReactState,
  refused: { readonly current: ActCandidate; readonly at: WorldState; readonly result: Rejected },
  params: ReactParams,
): Move<ReactState> {
  const { current, at, result } = refused;
  const failure = permanently(makeFailure(current.action, result.code, at), result.message);
  const remembered = { ...state, failures: withFailure(state.failures, failure), own: withFailure(state.own, failure) };
  return result.code === 'denied' ? finish(remembered, 'failed', result.message) : next(remembered, params);
}

/** Whether a refusal is kept for the reflector's trials, in a world that can (react.9). */
const takesSnapshots = ({ opened }: ReactState, { checkpoints }: ReactParams): boolean =>
  checkpoints && opened.snapshots !== false;
