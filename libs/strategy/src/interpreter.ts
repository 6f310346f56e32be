import {
  PraxisError,
  applyChange,
  stepEvents,
  type Effect,
  type EndedEvent,
  type Journal,
  type OpenedEvent,
  type StepEvent,
  type Strategy,
  type StrategyEvent,
  type WorldState,
} from '@praxis/core';
import { carryOut, type Progress } from './carry-out.js';
import type { Handlers } from './handlers.js';

/**
 * The one interpreter: runs a strategy over a stream.
 *
 * I1 The strategy sees only journalled events, in journal order; a restart replays them and goes on (S1, S7).
 * I2 An effect is carried out once it has no journalled answer, and its answer is journalled before it is used.
 * I3 An action is journalled as decided, and tried unless pure, before it happens (S3, S4).
 * I4 A crash between tried and observed is settled by the skill's effect class, never by a guess (S5).
 * I5 `ended` is the last event; running an ended stream again changes nothing and gives its end.
 * I6 A stale writer's append fails with `conflict` and stops it; the stream has one line of history.
 */
export interface Interpretation {
  readonly stream: string;
  /** Names the stream's owner in idempotency keys. */
  readonly subgoal: string;
  readonly journal: Journal;
  readonly strategy: Strategy<unknown>;
  readonly handlers: Handlers;
  /** Aborted with a `cancelled` PraxisError the stream ends as cancelled; with any other reason it is left to be resumed. */
  readonly signal: AbortSignal;
  /** Asked for the first event when the stream is empty. */
  opening(): Promise<OpenedEvent>;
}

/** Runs the stream to its end, or resumes it, and gives the end. */
export async function interpret(task: Interpretation): Promise<EndedEvent> {
  const machine = new Machine(task);
  return machine.run();
}

class Machine {
  private readonly pending = new Map<string, Exclude<Effect, { kind: 'finish' }>>();
  private readonly running = new Map<string, Promise<readonly StepEvent[]>>();
  private readonly progress = new Map<string, Progress>();
  private position = 0;
  private steps = 0;
  private strategyState: unknown = null;
  private world: WorldState = { facts: [], numbers: {} };
  private finished: Extract<Effect, { kind: 'finish' }> | null = null;
  private ended: EndedEvent | null = null;

  constructor(private readonly task: Interpretation) {}

  async run(): Promise<EndedEvent> {
    const history = await this.task.journal.read(this.task.stream);
    for (const stored of history) this.see(stepEvents.decode(stored));
    if (this.position === 0) await this.write([await this.task.opening()]);
    while (!this.ended) {
      if (this.finished) await this.end(this.finished);
      else await this.turn();
    }
    return this.ended;
  }

  private async turn(): Promise<void> {
    if (this.task.signal.aborted) return this.stop();
    if (this.pending.size === 0) throw new PraxisError('bug', `The strategy ${this.task.strategy.id} waits for nothing and has not finished.`);
    for (const [id, effect] of this.pending) {
      if (!this.running.has(id)) this.running.set(id, this.start(id, effect));
    }
    const events = await Promise.race(this.running.values());
    if (this.task.signal.aborted && events.length === 0) return this.stop();
    await this.write(events);
  }

  private start(id: string, effect: Exclude<Effect, { kind: 'finish' }>): Promise<readonly StepEvent[]> {
    const context = {
      subgoal: this.task.subgoal,
      handlers: this.task.handlers,
      signal: this.task.signal,
      progress: this.progress.get(id) ?? null,
      world: () => this.world,
      nextStep: () => this.steps,
      write: (events: readonly StepEvent[]) => this.write(events),
    };
    return carryOut(effect, context).catch((error: unknown) => {
      if (this.task.signal.aborted) return [];
      throw error;
    });
  }

  private async stop(): Promise<void> {
    await Promise.allSettled(this.running.values());
    const reason: unknown = this.task.signal.reason;
    if (!(reason instanceof PraxisError) || reason.code !== 'cancelled') throw PraxisError.from(reason);
    await this.write([{ type: 'ended', outcome: 'cancelled', reason: reason.message, result: null }]);
  }

  private async end(finish: Extract<Effect, { kind: 'finish' }>): Promise<void> {
    await this.write([{ type: 'ended', outcome: finish.outcome, reason: finish.reason, result: finish.result }]);
  }

  private async write(events: readonly StepEvent[]): Promise<void> {
    await this.task.journal.append(this.task.stream, this.position, events.map((e) => stepEvents.encode(e)));
    for (const event of events) this.see(event);
  }

  /** Takes in one journalled event, whether read back or just written (I1). */
  private see(event: StepEvent): void {
    this.position++;
    if (event.type === 'opened') {
      this.world = event.state;
      this.move(this.task.strategy.begin(event));
    } else if (event.type === 'ended') this.ended = event;
    else if (event.type === 'decided') {
      this.steps = event.step + 1;
      this.progress.set(event.id, { decided: event, tried: null });
    } else if (event.type === 'tried') this.progress.set(event.id, { ...this.progress.get(event.id)!, tried: event });
    else this.answer(event);
  }

  private answer(event: StrategyEvent): void {
    this.pending.delete(event.id);
    this.running.delete(event.id);
    this.progress.delete(event.id);
    if (event.type === 'observed') this.world = applyChange(this.world, event.change);
    if (event.type === 'restored') this.world = event.state;
    this.move(this.task.strategy.on(this.strategyState, event));
  }

  private move(move: { readonly state: unknown; readonly effects: readonly Effect[] }): void {
    this.strategyState = move.state;
    for (const effect of move.effects) {
      if (effect.kind === 'finish') this.finished = effect;
      else this.pending.set(effect.id, effect);
    }
  }
}
