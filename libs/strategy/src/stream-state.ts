import {
  NO_COST,
  UNBOUNDED,
  addCosts,
  addToAllowance,
  applyChange,
  costOf,
  type Allowance,
  type Cost,
  type Effect,
  type EndedEvent,
  type Move,
  type Question,
  type StepEvent,
  type Strategy,
  type StrategyEvent,
  type WorldState,
} from '@praxis/core';
import { NO_PROGRESS, type Progress } from './context.js';

/** An effect that has an answer; `finish` has none. */
export type PendingEffect = Exclude<Effect, { kind: 'finish' }>;

/** Events that say something of an effect's way, and do not answer it. */
const ON_THE_WAY: ReadonlySet<StepEvent['type']> = new Set(['opened', 'decided', 'tried', 'asked', 'parked', 'replied', 'wasted', 'ended']);

/** Whether an event answers an effect, and so is told to the strategy. */
export const isAnswer = (event: StepEvent): event is StrategyEvent => !ON_THE_WAY.has(event.type);

/** Where a stream stands: the fold of its events and of the strategy that they answer (I1). It does nothing itself. */
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
  /** How the strategy wants it to end. */
  finished: Extract<Effect, { kind: 'finish' }> | null = null;
  ended: EndedEvent | null = null;
  #strategyState: unknown = null;

  constructor(readonly strategy: Strategy<unknown>) {}

  /** How far an effect has come. */
  progressOf(id: string): Progress {
    return this.progress.get(id) ?? NO_PROGRESS;
  }

  /** Takes in the next event. */
  see(event: StepEvent): void {
    this.position++;
    this.last = event.type;
    this.spent = addCosts(this.spent, costOf(event));
    switch (event.type) {
      case 'opened':
        this.world = event.state;
        this.allowance = event.allowance;
        return this.#move(this.strategy.begin(event));
      case 'ended':
        this.ended = event;
        return;
      case 'decided':
        this.steps = Math.max(this.steps, event.step + 1);
        this.progress.set(event.id, { ...this.progressOf(event.id), decided: event, tries: 0 });
        return;
      case 'tried': {
        const known = this.progress.get(event.id)!;
        this.progress.set(event.id, { ...known, tries: known.tries + 1 });
        return;
      }
      case 'asked':
        this.waiting.set(event.id, event.question);
        return;
      case 'replied':
        return this.#hear(event);
      case 'parked':
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
    this.progress.set(id, { ...known, replies: new Map([...known.replies, [question.id, { question, answer }]]) });
    if (answer.verdict === 'grant' && answer.grant) this.allowance = addToAllowance(this.allowance, answer.grant);
  }

  #answer(event: StrategyEvent): void {
    this.pending.delete(event.id);
    this.progress.delete(event.id);
    if (event.type === 'observed') this.world = applyChange(this.world, event.change);
    if (event.type === 'restored') this.world = event.state;
    this.#move(this.strategy.on(this.#strategyState, event));
  }

  #move({ state, effects }: Move<unknown>): void {
    this.#strategyState = state;
    for (const effect of effects) {
      if (effect.kind === 'finish') this.finished = effect;
      else this.pending.set(effect.id, effect);
    }
  }
}
