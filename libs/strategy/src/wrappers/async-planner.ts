import {
  isFailed,
  isStale,
  literalHolds,
  type Effect,
  type Json,
  type Move,
  type Strategy,
  type StrategyEvent,
} from '@praxis/core';
import { intentionSchema, readCandidates, type ActorCandidate, type Intention } from '../contract/candidates.js';
import { proposalSchema } from '../kernels/planned-step.js';
import { react, REACT_DEFAULTS } from '../kernels/react.js';
import { contextOf, type ReactParams, type ReactState } from '../kernels/react-state.js';
import { refusalOf } from '../effects/refusal.js';

/** How the three go together. */
export interface AsyncParams {
  readonly react: ReactParams;
  /** Whether the executor may look for steps by search, where it has none to follow. */
  readonly search: boolean;
  /** So often the slow mind is asked, at most. */
  readonly intentions: number;
  /** An intention that comes more steps than this after it was asked for comes too late. */
  readonly late: number;
}

/** A step that the executor may follow, and what must hold just before it. */
interface Ready {
  readonly candidate: ActorCandidate;
  readonly needs: readonly string[];
  /** It has been checked against the rules. */
  readonly isChecked: boolean;
}

/** Where a subgoal stands. */
export interface AsyncState {
  readonly inner: ReactState;
  readonly queue: readonly Ready[];
  /** What the fast mind is to be asked, or was asked and has not answered. */
  readonly open: Extract<Effect, { kind: 'propose' }> | null;
  /** The search that is under way, and the latest world that was searched from. */
  readonly search: string | null;
  readonly searched: string | null;
  /** What the slow mind was asked, and after how many steps. */
  readonly slow: { readonly id: string; readonly steps: number } | null;
  /** Something has happened that the slow mind should think about. */
  readonly isWanted: boolean;
  readonly asked: number;
  readonly intention: Intention | null;
  readonly heard: number;
  readonly tools: readonly string[];
  readonly effects: number;
}

/** What it does where nobody says otherwise. */
export const ASYNC_DEFAULTS: AsyncParams = { react: REACT_DEFAULTS, search: true, intentions: 5, late: 6 };

/**
 * A slow mind that thinks about where this should go, a fast mind that says what to do next, and an executor that
 * follows what has been said already. Each goes at its own pace; time is counted in steps, since a strategy has no
 * clock.
 *
 * async-planner.1 Nothing waits for the slow mind: there is always something else under way, or it has ended.
 * async-planner.2 The executor follows the steps at hand, if what they need holds; only where it has none, it searches,
 *                 and only where that leads to nothing, the fast mind is asked, with the latest intention.
 * async-planner.3 An intention that comes too late, or has more steps than are left, is dropped. Otherwise its steps are
 *                 followed at once, also while the fast mind still thinks, unless steps that were checked against the
 *                 rules are at hand.
 * async-planner.4 What fails drops the steps at hand, and is something for the slow mind, which is asked one thing at a
 *                 time and at most `intentions` times.
 * async-planner.5 Whoever proposes a step, all that holds of `react` holds of it (react.1–7).
 * async-planner.6 Where a person refuses what the slow mind costs, it is not asked again; what costs nothing goes on.
 */
export function asyncPlanner(id: string, params: Partial<AsyncParams> = {}): Strategy<AsyncState> {
  const paces = new Paces(id, { ...ASYNC_DEFAULTS, ...params });
  return {
    id,
    version: paces.mind.version,
    begin: (opened) => paces.begin(opened),
    on: (state, event) => paces.on(state, event),
    progressKey: ({ inner, heard }) => ({ mind: paces.mind.progressKey!(inner), heard }),
    stalled: (state, stall) =>
      paces.lead({ ...state, queue: [], isWanted: true }, paces.mind.stalled!(state.inner, stall)),
  };
}

/** The plan that suggested the first steps is a model's. */
const PLANS_WORDS = ['model'];

/** The parts of the reducer, with what they share; it has no state of its own. */
class Paces {
  readonly mind: Strategy<ReactState>;

  constructor(
    id: string,
    private readonly params: AsyncParams,
  ) {
    this.mind = react(id, params.react);
  }

  begin(opened: Parameters<Strategy<ReactState>['begin']>[0]): Move<AsyncState> {
    const move = this.mind.begin(opened);
    const queue = opened.suggested.map((action): Ready => ({
      candidate: {
        kind: 'act',
        action,
        why: 'as suggested',
        times: 1,
        origin: 'suggested',
        taint: PLANS_WORDS,
        effect: 'unknown',
      },
      needs: [],
      isChecked: false,
    }));
    const state: AsyncState = {
      inner: move.state,
      queue,
      open: null,
      search: null,
      searched: null,
      slow: null,
      isWanted: true,
      asked: 0,
      intention: null,
      heard: 0,
      tools: [],
      effects: 0,
    };
    const { state: after, effects } = this.lead(state, move);
    // What a strategy begins with is never dropped, so the slow mind may be asked beside an action.
    return effects.some((e) => e.kind === 'finish') ? { state: after, effects } : this.askSlow(after, effects);
  }

  on(state: AsyncState, event: StrategyEvent): Move<AsyncState> {
    if (event.type !== 'proposed') return this.tell(state, event);
    if (event.id === state.slow?.id) {
      const asked = refusalOf(event) === null ? state.asked : this.params.intentions;
      return this.intend({ ...state, slow: null, asked }, state.slow.steps, event.candidates);
    }
    if (event.id === state.search)
      return refusalOf(event) === null
        ? this.found({ ...state, search: null }, event.candidates)
        : this.tell({ ...state, search: null }, event);
    // Somebody else was faster.
    if (event.id !== state.open?.id) return { state, effects: [] };
    return this.tell({ ...state, open: null }, event);
  }

  /**
   * Tells the fast mind what came of something; after a failure that it does not try again, the steps at hand are void
   * (async-planner.4).
   */
  private tell(state: AsyncState, event: StrategyEvent): Move<AsyncState> {
    const move = this.mind.on(state.inner, event);
    // Steps that were meant for another world are looked for anew; that is nothing for the slow mind.
    if (event.type === 'observed' && isStale(event.result)) return this.lead({ ...state, queue: [] }, move);
    const hasFailed =
      event.type === 'observed' && isFailed(event.result) && !move.effects.some((e) => e.kind === 'execute');
    return this.lead(hasFailed ? { ...state, queue: [], isWanted: true } : state, move);
  }

  /** What the fast mind wants next; what it wants to be told, the others may know (async-planner.2). */
  lead(before: AsyncState, { state: inner, effects }: Move<ReactState>): Move<AsyncState> {
    const state: AsyncState = { ...before, inner, open: null, search: null };
    const open = effects.find((e) => e.kind === 'propose');
    if (open) return this.decide({ ...state, open });
    const finish = effects.find((e) => e.kind === 'finish');
    if (finish)
      return {
        state,
        effects: [
          {
            ...finish,
            result: { ...(finish.result as { readonly [key: string]: Json }), toolsUsed: [...state.tools] },
          },
        ],
      };
    // Who takes back an action that is about to happen takes back all that was asked with it.
    return effects.some((e) => e.kind === 'execute') ? { state, effects } : this.askSlow(state, effects);
  }

  private decide(state: AsyncState): Move<AsyncState> {
    const followed = this.follow(state);
    if (followed) return followed;
    const idle: AsyncState = { ...state, queue: [], isWanted: true };
    if (this.params.search && state.searched !== state.inner.here) return this.askSearch(idle);
    return this.askFast(idle);
  }

  /** Takes the next of the steps at hand; null where there is none that can be taken. */
  private follow(state: AsyncState): Move<AsyncState> | null {
    const { inner, open, queue } = state;
    const [next, ...rest] = queue;
    if (!next || !next.needs.every((literal) => literalHolds(literal, inner.world))) return null;
    const candidates = [next.candidate as unknown as Json];
    const move = this.mind.on(inner, { type: 'proposed', id: open!.id, candidates, note: '' });
    // What it would not do is none of its own proposals, and is not held against it.
    const isTaken = move.effects.some((e) => e.kind === 'execute' || e.kind === 'verify');
    return isTaken ? this.lead({ ...state, queue: rest }, move) : null;
  }

  private askSearch(state: AsyncState): Move<AsyncState> {
    const id = `s${state.effects}`;
    const effect: Effect = {
      kind: 'propose',
      id,
      by: 'search',
      count: 1,
      context: { ...contextOf(state.inner, this.params.react.memory), suggested: [] },
    };
    return this.askSlow({ ...state, search: id, searched: state.inner.here, effects: state.effects + 1 }, [effect]);
  }

  private askFast(state: AsyncState): Move<AsyncState> {
    const { open, intention } = state;
    return this.askSlow(state, [
      { ...open!, context: { ...(open!.context as { readonly [key: string]: Json }), intention } },
    ]);
  }

  /**
   * Asks the slow mind beside what goes on anyway, where there is something to think about (async-planner.1,
   * async-planner.4).
   */
  private askSlow(state: AsyncState, effects: readonly Effect[]): Move<AsyncState> {
    if (!state.isWanted || state.slow !== null || state.asked >= this.params.intentions) return { state, effects };
    const id = `i${state.effects}`;
    const { inner } = state;
    const effect: Effect = {
      kind: 'propose',
      id,
      by: 'planner-mind',
      count: 1,
      context: { ...contextOf(inner, this.params.react.memory), steps: inner.opened.limits.steps - inner.steps },
    };
    return {
      state: {
        ...state,
        slow: { id, steps: inner.steps },
        isWanted: false,
        asked: state.asked + 1,
        effects: state.effects + 1,
      },
      effects: [...effects, effect],
    };
  }

  /** An intention came, early enough or not (async-planner.3). */
  private intend(state: AsyncState, askedAt: number, candidates: readonly Json[]): Move<AsyncState> {
    const { inner, queue } = state;
    const [intention] = readCandidates(intentionSchema, candidates);
    const isLate = inner.steps - askedAt > this.params.late;
    if (!intention || isLate || intention.actions.length > inner.opened.limits.steps - inner.steps)
      return { state, effects: [] };
    const { why, taint } = intention;
    const steps = intention.actions.map((action): Ready => ({
      candidate: { kind: 'act', action, why, times: 1, origin: 'model', taint, effect: 'unknown' },
      needs: [],
      isChecked: false,
    }));
    const isKept = steps.length === 0 || queue.some((r) => r.isChecked);
    const heard: AsyncState = { ...state, intention, heard: state.heard + 1, queue: isKept ? queue : steps };
    if (state.open === null || heard.queue.length === 0) return { state: heard, effects: [] };
    // Others are being asked already.
    return this.follow(heard) ?? { state: { ...heard, queue: [] }, effects: [] };
  }

  /** The search came back; where it found nothing, the fast mind is asked (async-planner.2). */
  private found(state: AsyncState, candidates: readonly Json[]): Move<AsyncState> {
    const proposal = proposalSchema.safeParse(candidates[0]).data;
    if (!proposal) return this.askFast(state);
    const steps = proposal.steps.map((s): Ready => ({
      candidate: {
        kind: 'act',
        action: s.action,
        why: 'found by search',
        times: 1,
        origin: s.origin,
        taint: s.taint,
        effect: 'unknown',
      },
      needs: s.needs,
      isChecked: true,
    }));
    // Nothing is left to do, it says: whether that is so, the world is asked.
    const queue: readonly Ready[] =
      steps.length > 0
        ? steps
        : [{ candidate: { kind: 'done', why: 'found by search', times: 1 }, needs: [], isChecked: true }];
    return this.decide({ ...state, queue, tools: [...new Set([...state.tools, ...proposal.tools])] });
  }
}
