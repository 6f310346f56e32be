import {
  NO_COST,
  UNBOUNDED,
  actionText,
  addCosts,
  addToAllowance,
  applyChange,
  costOf,
  isAhead,
  isStale,
  permanently,
  type Allowance,
  type Cost,
  type Effect,
  type EndedEvent,
  type Failure,
  type Move,
  type Question,
  type StepEvent,
  type Strategy,
  type StrategyEvent,
  type WorldState,
} from '@praxis/core';
import { NO_PROGRESS, type Progress } from '../contract/context.js';
import type { StaleSoFar } from '../effects/staleness.js';

/** An effect that has an answer; `finish` has none. */
export type PendingEffect = Exclude<Effect, { kind: 'finish' }>;

/** Events that say something of an effect's way, and do not answer it. */
const ON_THE_WAY: ReadonlySet<StepEvent['type']> = new Set([
  'opened',
  'decided',
  'tried',
  'postponed',
  'asked',
  'parked',
  'blocked',
  'replied',
  'wasted',
  'ended',
]);

/** Whether an event answers an effect, and so is told to the strategy. */
export const isAnswer = (event: StepEvent): event is StrategyEvent => !ON_THE_WAY.has(event.type);

/**
 * Where a stream stands: the fold of its events and of the strategy that they answer (interpreter.1). It does nothing
 * itself.
 */
export class StreamState {
  /** Effects that the strategy wants and that have no answer yet, oldest first. */
  readonly pending = new Map<string, PendingEffect>();
  readonly progress = new Map<string, Progress>();
  /** Open questions, by the effect that waits for the answer. */
  readonly waiting = new Map<string, Question>();
  /** How many events were seen. */
  position = 0;
  /** Number of the next decision. */
  steps = 0;
  allowance: Allowance = UNBOUNDED;
  spent: Cost = NO_COST;
  last: StepEvent['type'] | null = null;
  world: WorldState = { facts: [], numbers: {} };
  stale: StaleSoFar = { actions: [], most: 0 };
  /** How the strategy wants it to end. */
  finished: Extract<Effect, { kind: 'finish' }> | null = null;
  /** Actions that are not to be done in this run any more. */
  refused: readonly Failure[] = [];
  ended: EndedEvent | null = null;
  #strategyState: unknown = null;

  constructor(readonly strategy: Strategy<unknown>) {}

  /** How far an effect has come. */
  progressOf(id: string): Progress {
    return this.progress.get(id) ?? NO_PROGRESS;
  }

  /** When an effect that is postponed is due, in milliseconds since 1970-01-01 UTC; null where it is due now. */
  dueAt(id: string, now: number, retries: number): number | null {
    const { postponed, postponedAt } = this.progressOf(id);
    const isWaiting =
      postponed !== null && postponed.until > now && !isAhead(postponedAt, now) && (postponed.retries ?? 0) >= retries;
    return isWaiting ? postponed.until : null;
  }

  /** Takes in the next event, with the time at which it was written. */
  see(event: StepEvent, at: number): void {
    this.position++;
    this.last = event.type;
    this.spent = addCosts(this.spent, costOf(event));
    switch (event.type) {
      case 'opened':
        this.world = event.state;
        this.stale = { actions: [], most: event.limits.stale ?? 0 };
        this.allowance = event.allowance;
        this.refused = event.avoid.filter((f) => f.permanent === true);
        return this.#move(this.strategy.begin(event));
      case 'ended':
        this.ended = event;
        return;
      case 'decided':
        this.steps = Math.max(this.steps, event.step + 1);
        this.progress.set(event.id, {
          ...this.progressOf(event.id),
          decided: event,
          tries: 0,
          isBegun: false,
          postponed: null,
        });
        return;
      case 'tried': {
        const known = this.progress.get(event.id)!;
        this.progress.set(event.id, { ...known, tries: known.tries + 1, isBegun: true });
        return;
      }
      case 'postponed':
        this.progress.set(event.id, {
          ...this.progressOf(event.id),
          isBegun: false,
          postponed: event,
          postponedAt: at,
        });
        return;
      case 'asked':
        this.waiting.set(event.id, event.question);
        return;
      case 'replied':
        return this.#hear(event);
      case 'parked':
      case 'blocked':
      case 'wasted':
        return;
      default:
        return this.#answer(event);
    }
  }

  #hear({ id, answer }: Extract<StepEvent, { type: 'replied' }>): void {
    const question = this.waiting.get(id)!;
    const known = this.progressOf(id);
    this.waiting.delete(id);
    const isBegun = known.isBegun && answer.verdict !== 'not-happened';
    this.progress.set(id, {
      ...known,
      isBegun,
      postponed: null,
      replies: new Map([...known.replies, [question.id, { question, answer }]]),
    });
    if (answer.verdict === 'grant' && answer.grant) this.allowance = addToAllowance(this.allowance, answer.grant);
  }

  #answer(event: StrategyEvent): void {
    if (event.type === 'observed') {
      this.#noteStale(event);
      this.#noteRefusal(event);
    }
    this.pending.delete(event.id);
    this.progress.delete(event.id);
    if (event.type === 'observed') this.world = applyChange(this.world, event.change);
    if (event.type === 'restored') this.world = event.state;
    this.#move(this.strategy.on(this.#strategyState, event));
  }

  #noteStale({ id, result }: Extract<StrategyEvent, { type: 'observed' }>): void {
    const { decided } = this.progressOf(id);
    const actions = isStale(result) && decided ? [...this.stale.actions, actionText(decided.action)] : [];
    this.stale = { ...this.stale, actions };
  }

  #noteRefusal({ id, result }: Extract<StrategyEvent, { type: 'observed' }>): void {
    const { decided } = this.progressOf(id);
    if (result.ok || result.permanent !== true || isStale(result) || !decided) return;
    const { code, message } = result;
    this.refused = [...this.refused, permanently({ action: actionText(decided.action), code, facts: [] }, message)];
  }

  #move({ state, effects }: Move<unknown>): void {
    this.#strategyState = state;
    for (const effect of effects) {
      if (effect.kind === 'finish') this.finished = effect;
      else this.pending.set(effect.id, effect);
    }
  }
}
