import {
  failureData,
  literalHolds,
  sameFailure,
  splitConjunction,
  stateDigest,
  tellFailures,
  type Effect,
  type Failure,
  type FailureCode,
  type Json,
  type Move,
  type OpenedEvent,
  type Outputs,
  type SkillAnswer,
  type Success,
  type WorldState,
} from '@praxis/core';
import type { ActCandidate } from '../contract/candidates.js';
import { uniqueFailures } from './failure-memory.js';
import { EMPTY_MEMORY, viewMemory, type Memory, type MemoryKind } from './memory-view.js';
import type { Weights } from '../contract/selector.js';

/** How the loop behaves. */
export interface ReactParams {
  /** How many candidates are asked for at an uncertain step; 1: never more than one. */
  readonly candidates: number;
  readonly weights: Weights;
  /** A step that slips is tried this often in a row before somebody is asked what to do. */
  readonly slips: number;
  /** Take a snapshot after a refused action, for the reflector's trials. */
  readonly checkpoints: boolean;
  /** So many proposals in a row that lead to nothing end it. */
  readonly strikes: number;
  /** So many questions may be asked. */
  readonly questions: number;
  readonly memory: MemoryKind;
}

/** Where a subgoal stands. */
export interface ReactState {
  readonly opened: OpenedEvent;
  readonly world: WorldState;
  /** Digest of the world, and of all worlds there have been. */
  readonly here: string;
  readonly seen: readonly string[];
  readonly memory: Memory;
  readonly failures: readonly Failure[];
  /** Those of them that were seen here, not told at the beginning. */
  readonly own: readonly Failure[];
  /** What went well here, with which facts. */
  readonly successes: readonly Success[];
  /** Actions that went well and led nowhere. */
  readonly loops: readonly Failure[];
  /** What was done where, and what came of it. */
  readonly tried: readonly { readonly where: string; readonly action: string; readonly outcome: 'ok' | FailureCode }[];
  /** What was learned by asking. */
  readonly answers: readonly (readonly [question: string, answer: string])[];
  /** What skills outside the world answered, in this subgoal and before it. */
  readonly heard: readonly SkillAnswer[];
  /**
   * Calls that were answered in this subgoal, and every source that was heard: whatever is decided now may follow from
   * these.
   */
  readonly answered: readonly string[];
  readonly sources: readonly string[];
  /** Inputs, and what its actions gave, by name. */
  readonly outputs: Outputs;
  /** What the actor says that came out of it all; null while it has not said. */
  readonly answer: Json;
  /** The next proposal is for more than one candidate. */
  readonly isUncertain: boolean;
  /** How many samples the latest proposal was for. */
  readonly samples: number;
  /** Digest of the latest world in which the condition was found not to hold. */
  readonly notYet: string | null;
  /** Candidates that wait for the judge. */
  readonly choice: readonly ActCandidate[];
  /** The action that is under way. */
  readonly current: ActCandidate | null;
  /** The question that is open. */
  readonly question: string;
  readonly strikes: number;
  readonly slips: number;
  readonly steps: number;
  readonly failedSteps: number;
  readonly stalls: number;
  readonly effects: number;
}

/** Where a subgoal begins. */
export function beginReact(opened: OpenedEvent): ReactState {
  const here = stateDigest(opened.state);
  return {
    opened,
    world: opened.state,
    here,
    seen: [here],
    memory: EMPTY_MEMORY,
    failures: opened.avoid,
    own: [],
    successes: [],
    loops: [],
    tried: [],
    answers: [],
    heard: opened.heard ?? [],
    answered: [],
    sources: [...new Set((opened.heard ?? []).map((a) => a.source))],
    outputs: opened.inputs ?? {},
    answer: null,
    isUncertain: false,
    samples: 1,
    notYet: null,
    choice: [],
    current: null,
    question: '',
    strikes: 0,
    slips: 0,
    steps: 0,
    failedSteps: 0,
    stalls: 0,
    effects: 0,
  };
}

/** One effect, with an id of its own. */
export function emit(state: ReactState, make: (id: string) => Effect): Move<ReactState> {
  return { state: { ...state, effects: state.effects + 1 }, effects: [make(`e${state.effects}`)] };
}

/** What a mind is told of where the subgoal stands. */
export function contextOf(state: ReactState, kind: MemoryKind): { readonly [key: string]: Json } {
  const { world, opened, own, memory, answers, heard, samples } = state;
  const { done, problems } = viewMemory(memory, kind);
  return {
    state: { facts: [...world.facts], numbers: { ...world.numbers } },
    condition: opened.condition,
    owner: opened.owner,
    failures: shownFailures(state),
    // Histories of older releases were searched without this distinction (S9).
    ...(isJudged(state) && {
      inherited: opened.avoid.filter((f) => !own.some((o) => sameFailure(f, o))).map(failureData),
    }),
    suggested: [...opened.suggested],
    memory: { done: [...done], problems: [...problems] },
    answers: answers.map(([question, answer]) => [question, answer]),
    ...(opened.seed !== undefined && { calls: callsOf(memory) }),
    ...(heard.length > 0 && { results: heard.map(({ action, text }) => `${action} -> ${text}`) }),
    count: samples,
  };
}

/** The latest calls with their arguments, oldest first. */
const CALLS_SHOWN = 20;

const callsOf = ({ steps }: Memory): Json =>
  steps.slice(-CALLS_SHOWN).map(({ action, outcome, message }) => ({
    action: { skill: action.skill, args: { ...action.args } },
    outcome,
    message,
  }));

/** What failed and may fail again, with what was missing where that is known. */
function shownFailures(state: ReactState): Json {
  const { world, failures, successes, loops } = state;
  const all = uniqueFailures([...failures, ...loops]);
  return isJudged(state) ? (tellFailures(all, { state: world, successes }) as unknown as Json) : all.map(failureData);
}

/** Whether the stream was begun by a release that tells stale decisions from refusals. */
export const isJudged = ({ opened }: Pick<ReactState, 'opened'>): boolean => opened.limits.stale !== undefined;

/** How many parts of the condition hold. */
export function partsHeld({ opened, world }: ReactState): number {
  return splitConjunction(opened.condition).filter((part) => literalHolds(part, world)).length;
}
