import type { Effect, Json, Move, OpenedEvent, Strategy, StrategyEvent } from '@praxis/core';
import { designerCandidateSchema, readCandidates, type PlanCandidate } from '../contract/candidates.js';
import { buildTrie, majorityPath, planKeys } from './plan-trie.js';
import { refusalOf } from '../effects/refusal.js';

/** How a meta-plan is agreed on. */
export interface MetaPlanParams {
  /** So many times plans are asked for, at most. */
  readonly rounds: number;
  /** So many plans are asked for at once. */
  readonly samples: number;
  /** So many questions may be asked. */
  readonly questions: number;
  /** Who writes plans: `designer` splits the goal into subgoals, `drafter` writes all steps as calls of skills. */
  readonly by: 'designer' | 'drafter';
}

/** A plan on its way through the check; `problems` is null while it is being checked. */
interface Checked {
  readonly id: string;
  readonly candidate: PlanCandidate;
  readonly problems: readonly string[] | null;
}

/** Where a planning stands. */
export interface MetaPlanState {
  readonly opened: OpenedEvent;
  readonly round: number;
  /**
   * What was wrong with the last round's plan, the first where there were several, in the check's and in the
   * evaluators' words.
   */
  readonly problems: readonly string[];
  readonly critique: readonly string[];
  /** The plan that these are about; null where there was none. */
  readonly last?: PlanCandidate | null;
  readonly answers: readonly (readonly [question: string, answer: string])[];
  readonly asking: readonly { readonly id: string; readonly question: string }[];
  readonly checking: readonly Checked[];
  /** The plan that the evaluators look at. */
  readonly judged: PlanCandidate | null;
  /** Of the plans that passed the check, the one that the evaluators minded least. */
  readonly best: { readonly candidate: PlanCandidate; readonly objections: readonly string[] } | null;
  readonly effects: number;
}

/**
 * A designer writes plans, a checker refuses those that cannot be, the plan that most of the others lead to goes to the
 * evaluators, and what they mind goes back to the designer.
 *
 * meta-plan.1 At most `rounds` rounds, and at most `questions` questions; a question asked is no round.
 * meta-plan.2 Only a plan that passed the check is taken; among several it is one on the majority path.
 * meta-plan.3 In every round the designer is told its last plan, what was wrong with it, and all answers.
 * meta-plan.4 After the last round a plan that passed the check is taken although the evaluators mind it, and the
 *             reason says so.
 * meta-plan.5 Where a person refuses what a thought costs, it ends with that: with a plan that passed the check, if
 *             there is one.
 */
export function metaPlan(id: string, params: Partial<MetaPlanParams> = {}): Strategy<MetaPlanState> {
  const filled = { rounds: 3, samples: 1, questions: 3, by: 'designer' as const, ...params };
  return {
    id,
    version: 1,
    begin: (opened) =>
      propose(
        {
          opened,
          round: 0,
          problems: [],
          critique: [],
          answers: [],
          asking: [],
          checking: [],
          judged: null,
          best: null,
          effects: 0,
        },
        filled,
      ),
    on(state, event) {
      const refusal = refusalOf(event);
      if (refusal !== null) return giveUp(state, refusal);
      switch (event.type) {
        case 'proposed':
          return read(state, event, filled);
        case 'answered':
          return hear(state, event, filled);
        case 'verified':
          return state.judged ? judge(state, state.judged, event.violations, filled) : check(state, event, filled);
        default:
          return { state, effects: [] };
      }
    },
  };
}

function propose(state: MetaPlanState, { samples, by }: MetaPlanParams): Move<MetaPlanState> {
  const { problems, critique, last = null, answers } = state;
  const context: Json = {
    problems: [...problems],
    critique: [...critique],
    last: last === null ? null : asJson(last),
    answers: answers.map(([question, answer]) => [question, answer]),
  };
  return emit({ ...state, asking: [], checking: [], judged: null }, [
    (id) => ({ kind: 'propose', id, by, count: samples, context }),
  ]);
}

/** A candidate as it goes into effects: what is absent has no name there. */
const asJson = (candidate: PlanCandidate): Json => candidate as unknown as Json;

/** Effects, each with an id of its own. */
function emit(state: MetaPlanState, makers: readonly ((id: string) => Effect)[]): Move<MetaPlanState> {
  return {
    state: { ...state, effects: state.effects + makers.length },
    effects: makers.map((make, i) => make(`m${state.effects + i}`)),
  };
}

function read(
  state: MetaPlanState,
  { candidates, note }: Extract<StrategyEvent, { type: 'proposed' }>,
  params: MetaPlanParams,
): Move<MetaPlanState> {
  const found = readCandidates(designerCandidateSchema, candidates);
  const plans = found.flatMap((c) => ('plan' in c ? [c] : []));
  if (plans.length > 0) {
    const checking = plans.map((candidate, i) => ({ id: `m${state.effects + i}`, candidate, problems: null }));
    return emit(
      { ...state, checking },
      plans.map((candidate) => (id) => ({
        kind: 'verify',
        id,
        by: 'checker',
        candidate: asJson(candidate),
        context: null,
      })),
    );
  }
  const wanted = [...new Set(found.flatMap((c) => ('questions' in c ? c.questions : [])))];
  if (wanted.length > 0) return ask(state, wanted, params);
  const nothing = candidates.length > 0 ? 'what was proposed is no plan' : note;
  return again(
    { ...state, problems: [nothing === '' ? 'no plan was proposed' : nothing], critique: [], last: null },
    params,
  );
}

function ask(state: MetaPlanState, wanted: readonly string[], params: MetaPlanParams): Move<MetaPlanState> {
  const fresh = wanted
    .filter((question) => state.answers.every(([asked]) => asked !== question))
    .slice(0, params.questions - state.answers.length);
  if (fresh.length === 0)
    return again(
      { ...state, problems: ['no more questions are answered; plan with what is known'], critique: [], last: null },
      params,
    );
  const asking = fresh.map((question, i) => ({ id: `m${state.effects + i}`, question }));
  return emit(
    { ...state, asking },
    fresh.map((question) => (id) => ({ kind: 'ask', id, to: '', question })),
  );
}

function hear(
  state: MetaPlanState,
  { id, answer }: Extract<StrategyEvent, { type: 'answered' }>,
  params: MetaPlanParams,
): Move<MetaPlanState> {
  const asked = state.asking.find((a) => a.id === id)!;
  const words = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const heard: MetaPlanState = {
    ...state,
    asking: state.asking.filter((a) => a.id !== id),
    answers: [...state.answers, [asked.question, answer === null ? 'nobody knows' : words]],
  };
  return heard.asking.length === 0 ? propose(heard, params) : { state: heard, effects: [] };
}

function check(
  state: MetaPlanState,
  { id, violations }: Extract<StrategyEvent, { type: 'verified' }>,
  params: MetaPlanParams,
): Move<MetaPlanState> {
  const checking = state.checking.map((c) => (c.id === id ? { ...c, problems: violations } : c));
  const checked: MetaPlanState = { ...state, checking };
  if (checking.some((c) => c.problems === null)) return { state: checked, effects: [] };
  const passed = checking.filter((c) => c.problems!.length === 0).map((c) => c.candidate);
  if (passed.length === 0)
    return again({ ...checked, problems: checking[0]!.problems!, critique: [], last: checking[0]!.candidate }, params);
  const [chosen] = majorityPath(buildTrie(passed.map((c) => planKeys(c.plan))))!.plans;
  const candidate = passed[chosen!]!;
  return emit({ ...checked, judged: candidate }, [
    (id) => ({ kind: 'verify', id, by: 'evaluators', candidate: asJson(candidate), context: null }),
  ]);
}

function judge(
  state: MetaPlanState,
  candidate: PlanCandidate,
  objections: readonly string[],
  params: MetaPlanParams,
): Move<MetaPlanState> {
  if (objections.length === 0) return finish(state, candidate, `checked and agreed on in round ${state.round + 1}`);
  const best = state.best && state.best.objections.length < objections.length ? state.best : { candidate, objections };
  return again({ ...state, best, problems: [], critique: objections, last: candidate }, params);
}

/** The next round, or, after the last one, the end (meta-plan.1, meta-plan.4). */
function again(state: MetaPlanState, params: MetaPlanParams): Move<MetaPlanState> {
  const round = state.round + 1;
  if (round < params.rounds) return propose({ ...state, round }, params);
  const { best, problems } = state;
  const rounds = params.rounds === 1 ? 'one round' : `${params.rounds} rounds`;
  if (best)
    return finish(
      state,
      best.candidate,
      `checked; after ${rounds} the evaluators still object: ${best.objections.join('; ')}`,
    );
  return {
    state,
    effects: [
      {
        kind: 'finish',
        outcome: 'failed',
        reason: `no plan passed the check in ${rounds}: ${problems.join('; ')}`,
        result: null,
      },
    ],
  };
}

/** Nobody pays for more (meta-plan.5); of what passed the check, what the evaluators have seen comes first. */
function giveUp(state: MetaPlanState, refusal: string): Move<MetaPlanState> {
  const candidate = state.best?.candidate ?? state.judged;
  if (candidate) return finish(state, candidate, `checked; no more was thought about it: ${refusal}`);
  return { state, effects: [{ kind: 'finish', outcome: 'failed', reason: refusal, result: null }] };
}

const finish = (state: MetaPlanState, candidate: PlanCandidate, reason: string): Move<MetaPlanState> => ({
  state,
  effects: [{ kind: 'finish', outcome: 'done', reason, result: asJson(candidate) }],
});
