import { actionText, applyChange, makeFailure, permanentFailure, permanently, stateDigest, type Json, type Move, type Strategy, type StrategyEvent } from '@praxis/core';
import { candidateText, readActorCandidates, type ActCandidate, type ActorCandidate } from './candidates.js';
import { failedBefore, uniqueFailures, withFailure } from './failure-memory.js';
import { noteProblem, noteStep, turnPage } from './memory-view.js';
import { plainlyHolds } from './planned-step.js';
import { beginReact, contextOf, emit, finish, partsHeld, type ReactParams, type ReactState } from './react-state.js';
import { refusalOf } from './refusal.js';
import { EVEN_WEIGHTS, select } from './selector.js';

type Of<T extends StrategyEvent['type']> = Extract<StrategyEvent, { type: T }>;

/** What the loop does where nobody says otherwise. */
export const REACT_DEFAULTS: ReactParams = { candidates: 4, weights: EVEN_WEIGHTS, slips: 3, checkpoints: true, strikes: 3, questions: 3, memory: 'hierarchical' };

/**
 * Think, act, look: one action at a time is proposed from what is seen, and what is needed and not known is asked for. Where
 * it is not sure it has several proposed and judged.
 *
 * C1 At most `limits.steps` actions, each of which was proposed as it is done, and at most `questions` questions.
 * C2 It is done only when a verifier says that the condition holds; where the facts alone say so, nobody is asked first.
 * C3 What the world refused is not done again in that very world; what failed is remembered, and told at every proposal.
 * C4 `strikes` proposals in a row that lead to nothing end it, with what was wrong with the last one.
 * C5 After a failure, in a world that was there before, and where it would do again what failed, it asks for several
 *    candidates and takes the best by votes and judge, less for each time it was done here.
 * C6 What people said once is not asked again.
 * C7 Where a person refuses what a thought costs, it ends with that.
 * C8 What is refused for good is not done again in this run; what a person or a rule denies ends the subgoal.
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
          return next({ ...doubt(state, `the condition does not hold yet: ${event.violations.join('; ')}`), notYet: state.here }, params);
        case 'answered':
          return next({ ...state, answers: [...state.answers, [state.question, wordsOf(event.answer)]], strikes: 0 }, params);
        case 'checkpointed':
          return next(state, params);
        default:
          return { state, effects: [] };
      }
    },
    register: ({ failures, loops, answers }) => ({
      failures: [...failures, ...loops].map((f) => `${f.action} ${f.code} ${f.facts.join()}`).sort(),
      answers: answers.map(([question, answer]) => [question, answer]),
    }),
    stalled(state, { reason, steps, demand }) {
      if (demand === 'give-up') return finish(state, 'failed', reason);
      const loops = uniqueFailures([...state.loops, ...steps.map(({ action, before }) => makeFailure(action, 'effect-mismatch', before))]);
      const doubtful = doubt({ ...state, loops, stalls: state.stalls + 1 }, reason);
      return next({ ...doubtful, memory: turnPage(doubtful.memory) }, params);
    },
  };
}

/** Something is wrong: it is told at the next proposal, which is for several candidates. */
const doubt = (state: ReactState, problem: string): ReactState => ({ ...state, isUncertain: true, memory: noteProblem(state.memory, problem) });

const wordsOf = (answer: Json): string => {
  if (answer === null) return 'nobody knows';
  return typeof answer === 'string' ? answer : JSON.stringify(answer);
};

/** The cheap test, then the limits, then a proposal (C1, C2). */
function next(state: ReactState, params: ReactParams): Move<ReactState> {
  const { condition, limits } = state.opened;
  const holds = plainlyHolds(condition, state.world);
  const isSpent = state.steps >= limits.steps;
  // Where the facts do not tell, the last action may have done it.
  if ((holds === true || (holds === null && isSpent)) && state.notYet !== state.here) return verify(state);
  if (isSpent) return finish(state, 'failed', `the ${limits.steps} steps that were left are spent`);
  const asking = { ...state, samples: state.isUncertain ? params.candidates : 1, choice: [], current: null, slips: 0 };
  return emit(asking, (id) => ({ kind: 'propose', id, by: 'actor', count: asking.samples, context: contextOf(asking, params.memory) }));
}

const verify = (state: ReactState): Move<ReactState> =>
  emit(state, (id) => ({ kind: 'verify', id, by: 'world', candidate: state.opened.condition, context: null }));

type UsefulCandidate = Exclude<ActorCandidate, { kind: 'stuck' }>;

function consider(state: ReactState, { candidates, note }: Of<'proposed'>, params: ReactParams): Move<ReactState> {
  const read = readActorCandidates(candidates);
  const useful = read.filter((c): c is UsefulCandidate => uselessness(state, c, params) === null);
  const [first] = useful;
  if (!first) return strike(state, read[0] ? uselessness(state, read[0], params)! : nothingIn(candidates, note), params);
  if (first.kind === 'done') return verify(state);
  if (first.kind === 'ask') return emit({ ...state, question: first.question }, (id) => ({ kind: 'ask', id, to: '', question: first.question }));
  const isRepeated = failedBefore(state.failures, first.action, state.world);
  if (isRepeated && state.samples < params.candidates) return next(doubt(state, `${candidateText(first)} failed here before`), params);
  const acts = useful.filter((c) => c.kind === 'act');
  if (acts.length === 1) return perform(state, first);
  const choice: ReactState = { ...state, choice: acts };
  return emit(choice, (id) => ({ kind: 'evaluate', id, by: 'judge', candidates: acts, context: contextOf(choice, params.memory) }));
}

const nothingIn = (candidates: readonly Json[], note: string): string => {
  if (candidates.length === 0) return note === '' ? 'nothing was proposed' : note;
  return 'what was proposed is no action, and neither done, ask nor stuck';
};

/** Why a candidate leads to nothing; null where it may lead somewhere. */
function uselessness(state: ReactState, candidate: ActorCandidate, params: ReactParams): string | null {
  switch (candidate.kind) {
    case 'act': {
      const text = actionText(candidate.action);
      const forGood = permanentFailure(state.failures, candidate.action);
      if (forGood) return `${text} is refused for the rest of the run: ${forGood.reason ?? forGood.code}`;
      const before = state.tried.find((t) => t.action === text && (t.outcome === 'invalid-args' || (t.outcome === 'not-applicable' && t.where === state.here)));
      return before ? `${text} was refused here before` : null;
    }
    case 'done':
      return state.notYet === state.here ? 'it is said to be done, and the condition does not hold' : null;
    case 'ask':
      if (state.answers.some(([question]) => question === candidate.question)) return `this is answered already: ${candidate.question}`;
      return state.answers.length < params.questions ? null : 'no more questions are answered; decide with what is known';
    case 'stuck':
      return `it is stuck: ${candidate.why}`;
  }
}

/** A proposal that led to nothing (C4). */
function strike(state: ReactState, problem: string, params: ReactParams): Move<ReactState> {
  const strikes = state.strikes + 1;
  if (strikes < params.strikes) return next(doubt({ ...state, strikes }, problem), params);
  const done = `after ${state.steps} steps, of which ${state.failedSteps} failed`;
  return finish({ ...state, strikes }, 'failed', `gave up ${done}: ${strikes} proposals in a row led to nothing; the last: ${problem}`);
}

function choose(state: ReactState, scores: readonly number[], params: ReactParams): Move<ReactState> {
  const scored = state.choice.map((candidate, i) => ({ judge: scores[i] ?? 0, times: candidate.times, revisits: revisits(state, candidate), effect: candidate.effect }));
  return perform(state, state.choice[select(scored, params.weights, state.samples)]!);
}

/** How often it was done in this very world, and once more where it failed in the like of it. */
function revisits(state: ReactState, { action }: ActCandidate): number {
  const text = actionText(action);
  const times = state.tried.filter((t) => t.where === state.here && t.action === text).length;
  return times + (failedBefore(state.failures, action, state.world) ? 1 : 0);
}

function perform(state: ReactState, candidate: ActCandidate): Move<ReactState> {
  const { action, why, origin, taint } = candidate;
  return emit({ ...state, choice: [], current: candidate, strikes: 0 }, (id) => ({ kind: 'execute', id, action, why, origin, taint }));
}

function observe(before: ReactState, { result, change, polling }: Of<'observed'>, params: ReactParams): Move<ReactState> {
  const { action } = before.current!;
  const world = applyChange(before.world, change);
  const here = stateDigest(world);
  const outcome = result.ok ? 'ok' : result.code;
  const state: ReactState = {
    ...before,
    world,
    here,
    steps: before.steps + 1,
    // To look again at something that was asked to be looked at again is no circle.
    isUncertain: polling !== true && before.seen.includes(here),
    seen: before.seen.includes(here) ? before.seen : [...before.seen, here],
    tried: [...before.tried, { where: before.here, action: actionText(action), outcome }],
    memory: noteStep(before.memory, { action, outcome, message: result.message, change }),
  };
  if (!result.ok) return failed(state, before, result, params);
  const isFurther = partsHeld(state) > partsHeld(before);
  return next(isFurther ? { ...state, memory: turnPage(state.memory) } : state, params);
}

function failed(after: ReactState, before: ReactState, result: Extract<Of<'observed'>['result'], { ok: false }>, params: ReactParams): Move<ReactState> {
  const current = before.current!;
  const state: ReactState = { ...after, failedSteps: after.failedSteps + 1, isUncertain: true };
  const { code, message, permanent } = result;
  if (permanent === true) {
    const refused = { ...state, failures: withFailure(state.failures, permanently(makeFailure(current.action, code, before.world), message)) };
    return code === 'denied' ? finish(refused, 'failed', message) : next(refused, params);
  }
  if (code === 'cancelled' || code === 'denied' || code === 'budget') return finish(state, 'failed', message);
  const slips = before.slips + 1;
  const mayRetry = code === 'effect-mismatch' && state.here === before.here && slips < params.slips && state.steps < state.opened.limits.steps;
  if (mayRetry) return perform({ ...state, slips }, current);
  const remembered: ReactState = { ...state, failures: withFailure(state.failures, makeFailure(current.action, code, before.world)) };
  if (code === 'not-applicable' && params.checkpoints) return emit(remembered, (id) => ({ kind: 'checkpoint', id }));
  return next(remembered, params);
}
