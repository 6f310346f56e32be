import {
  PraxisError,
  faultPoint,
  leftOf,
  permanentFailure,
  stepEvents,
  type Action,
  type Answer,
  type Cost,
  type Effect,
  type EndedEvent,
  type Journal,
  type OpenedEvent,
  type Question,
  type StepEvent,
  type Strategy,
} from '@praxis/core';
import { AttemptLog } from '../effects/attempt-log.js';
import { carryOut } from './carry-out.js';
import type { ForcedStep } from '../contract/context.js';
import type { Elsewhere } from '../effects/elsewhere.js';
import { editedDecision } from '../contract/decisions.js';
import { observed, paidFor } from '../effects/attempt-action.js';
import { priceOf, type Rules } from '../effects/gate.js';
import type { Handlers } from '../contract/handlers.js';
import { StreamState, isAnswer, type PendingEffect } from './stream-state.js';
import { StreamWriter } from './stream-writer.js';
import { InFlightEffects, isCancel } from './in-flight-effects.js';

/**
 * The one interpreter: runs a strategy over a stream.
 *
 * interpreter.1 The strategy sees what the journal holds or is about to hold, in journal order, and nothing leaves the
 *               machine before it is held; a restart replays it and goes on (S1, S7).
 * interpreter.2 An effect is carried out once it has no journalled answer, and only after all that led to it is
 *               journalled.
 * interpreter.3 An action is journalled as decided, and tried unless pure, before it happens (S3, S4).
 * interpreter.4 A crash between tried and observed is settled by the skill's nature, a probe, or a person, never by a
 *               guess (S5).
 * interpreter.5 `ended` is the last event; running an ended stream again changes nothing and gives its end.
 * interpreter.6 A stale writer's append fails with `conflict` and stops it; the stream has one line of history.
 * interpreter.7 What waits for a person holds nothing: once all that is left waits, `parked` is written and the machine
 *               stops (S6).
 * interpreter.8 A cancel stops what is under way within the grace; what had begun and did not come back is recorded as
 *               unknown.
 * interpreter.9 What events cost and what is reserved never exceeds the allowance and what was granted on top.
 * interpreter.10 An action that failed for now is postponed under its key and costs nothing; once all that is left
 *                waits for people or for a time, `parked` says until when, and the machine stops.
 * interpreter.11 A step whose action has an attempt in this run with an unknown outcome, whoever decided that, settles
 *                it under the key of that attempt. While another subgoal attempts the same action, a step gives way,
 *                and is decided again when that is settled.
 * interpreter.12 Calls of models that were sent are paid for whatever becomes of them: those of an effect that fails,
 *                or that nobody waits for any more, are journalled as `wasted` (S7).
 */
export interface Interpretation {
  readonly stream: string;
  /** Names the stream's owner in idempotency keys and questions. */
  readonly subgoal: string;
  readonly journal: Journal;
  readonly strategy: Strategy<unknown>;
  readonly handlers: Handlers;
  /**
   * Aborted with a `cancelled` PraxisError the stream ends as cancelled; with any other reason it is left to be
   * resumed.
   */
  readonly signal: AbortSignal;
  /**
   * Aborted, what can be taken up again stops, the rest is let come to its end, and the stream is left to be resumed.
   */
  readonly hold?: AbortSignal;
  /** What may be done without asking; left out, everything. */
  readonly rules?: Rules;
  readonly forced?: ForcedStep | null;
  /** How long what is under way may take to stop, in milliseconds; 1,500 where nothing is said. */
  readonly graceMs?: number;
  /**
   * How long whoever had the subgoal before may still be sending what it began, in milliseconds: longer than it may
   * take from its last word in the journal to the sending, and the sending itself; 1,000 where nothing is said.
   */
  readonly takeOverMs?: number;
  /** What the run has tried before this stream; it goes on with what happens here. Left out: nothing. */
  readonly attempts?: AttemptLog;
  /** What other subgoals of the run do with an action now; left out, there are none. */
  elsewhere?(action: Action): Promise<Elsewhere>;
  /** How often people asked the run to try again; what was postponed before the latest time is due now. */
  readonly retries?: number;
  /** Milliseconds since 1970-01-01 UTC; the machine's clock where it is left out. */
  now?(): number;
  /** Asked for the first event when the stream is empty. */
  opening(): Promise<OpenedEvent>;
  /** The answers that people have given to these questions so far. */
  answers?(questions: readonly string[]): Promise<ReadonlyMap<string, Answer>>;
}

/** How long thoughts that nobody waits for may take to stop and to say what they had cost. */
const ABANDON_MS = 1_000;

/** Runs the stream to its end, or resumes it; null where it is parked until people have answered, or until a time. */
export async function interpret(task: Interpretation): Promise<EndedEvent | null> {
  const machine = new Machine(task);
  return machine.run();
}

class Machine {
  private readonly at: StreamState;
  private readonly reserved = new Map<string, Cost>();
  private readonly workshop: InFlightEffects;
  private readonly attempts: AttemptLog;
  private writer: StreamWriter;
  /** Number of the next decision; those that are not written yet have theirs already. */
  private nextStep = 0;
  private isOver = false;

  constructor(private readonly task: Interpretation) {
    this.at = new StreamState(task.strategy);
    this.workshop = new InFlightEffects(task.signal, task.hold);
    this.attempts = task.attempts ?? new AttemptLog();
    this.writer = new StreamWriter(task.journal, task.stream, 0);
  }

  async run(): Promise<EndedEvent | null> {
    try {
      const history = await this.task.journal.read(this.task.stream);
      for (const stored of history) this.see(stepEvents.decode(stored), stored.at);
      this.writer = new StreamWriter(this.task.journal, this.task.stream, history.length);
      if (history.length === 0) this.add([await this.task.opening()]);
      while (!this.at.ended) {
        if (this.at.finished) await this.end(this.at.finished);
        else if ((await this.turn()) === 'parked') return null;
      }
    } finally {
      const wasted = await this.workshop.abandon(this.workshop.mustStop ? 0 : ABANDON_MS);
      if (wasted.length > 0 && !this.at.ended) this.add(wasted);
      this.isOver = true;
      // What came back before the end is worth keeping, also where something else went wrong.
      await this.writer.flushed().catch(() => undefined);
    }
    return this.at.ended;
  }

  private async turn(): Promise<'parked' | undefined> {
    if (this.workshop.mustStop) return this.stop();
    if (this.at.pending.size === 0)
      throw new PraxisError('bug', `The strategy ${this.task.strategy.id} waits for nothing and has not finished.`);
    for (const [id, effect] of this.at.pending)
      if (!this.workshop.has(id) && !this.at.waiting.has(id) && this.dueAt(id) === null) this.start(id, effect);
    if (this.at.waiting.size > 0 && (await this.takeReplies())) return undefined;
    if (this.workshop.size === 0) return this.park();
    const events = await this.workshop.next();
    if (events) this.add(events);
    return undefined;
  }

  private now(): number {
    return (this.task.now ?? Date.now)();
  }

  private dueAt(id: string): number | null {
    return this.at.dueAt(id, this.now(), this.task.retries ?? 0);
  }

  private start(id: string, effect: PendingEffect): void {
    const { subgoal, handlers, rules = null, forced = null } = this.task;
    const isThought = effect.kind === 'propose' || effect.kind === 'evaluate' || effect.kind === 'verify';
    this.workshop.start(id, isThought, async (signals) => {
      // A step writes its decision with what led to it; anything else waits for that (interpreter.2).
      if (effect.kind !== 'execute') await this.writer.flushed();
      return carryOut(effect, {
        subgoal,
        handlers,
        rules,
        forced,
        ...signals,
        progress: this.at.progressOf(id),
        tries: () => this.at.progressOf(id).tries,
        recordOf: (action) => this.attempts.of(action),
        permanentFailureOf: (action) => permanentFailure(this.at.refused, action),
        elsewhere: this.task.elsewhere && ((action) => this.task.elsewhere!(action)),
        now: () => this.now(),
        retries: this.task.retries ?? 0,
        takeOverMs: this.task.takeOverMs ?? 1_000,
        world: () => this.at.world,
        stale: () => this.at.stale,
        isAlone: () => this.at.pending.size === 1,
        takeStep: () => this.takeStep(),
        left: () =>
          [...this.reserved.values()].reduce(
            (left, cost) => leftOf(left, cost),
            leftOf(this.at.allowance, this.at.spent),
          ),
        reserve: (of, cost) => void this.reserved.set(of, cost),
        write: async (events) => {
          await this.write(events);
          await faultPoint('interpreter.after-decided');
        },
        flushed: () => this.writer.flushed(),
      });
    });
  }

  /** Decisions are numbered in the order in which they are written (S3). */
  private takeStep(): number {
    const step = Math.max(this.nextStep, this.at.steps);
    this.nextStep = step + 1;
    return step;
  }

  /** Journals what people answered; false where nobody has (interpreter.7). */
  private async takeReplies(): Promise<boolean> {
    const ids = [...this.at.waiting.values()].map((q) => q.id);
    const answers = (await this.task.answers?.(ids)) ?? new Map<string, Answer>();
    const replies = [...this.at.waiting].flatMap(([id, question]) =>
      this.replyEvents(id, question, answers.get(question.id)),
    );
    if (replies.length > 0) await this.write(replies);
    return replies.length > 0;
  }

  private replyEvents(id: string, question: Question, answer: Answer | undefined): readonly StepEvent[] {
    if (!answer) return [];
    const replied: StepEvent = { type: 'replied', id, question: question.id, answer };
    const edited = answer.verdict === 'edit' ? editedDecision(id, this.takeStep(), { question, answer }) : null;
    if (!edited) return [replied];
    const { doubt } = this.attempts.of(edited.action);
    return [replied, doubt === null ? edited : { ...edited, key: doubt }];
  }

  /** Parks the subgoal, unless a postponed action has become due meanwhile: nothing would wake the subgoal up. */
  private async park(): Promise<'parked' | undefined> {
    await faultPoint('interpreter.before-parked');
    const due = [...this.at.pending.keys()].filter((id) => !this.at.waiting.has(id)).map((id) => this.dueAt(id));
    if (due.includes(null)) return undefined;
    const until = due.length > 0 ? { until: Math.min(...due.map(Number)) } : {};
    if (this.at.last !== 'parked')
      await this.write([{ type: 'parked', questions: [...this.at.waiting.values()].map((q) => q.id), ...until }]);
    return 'parked';
  }

  private async stop(): Promise<undefined> {
    const late = await this.workshop.settle(this.task.graceMs ?? 1500);
    const reason = this.workshop.reason;
    const isCancelled = isCancel(this.task.signal);
    // Nobody answers what a cancelled subgoal asks.
    for (const events of late) if (!isCancelled || events.at(-1)!.type !== 'asked') await this.write(events);
    const wasted = this.workshop.takeWasted();
    if (wasted.length > 0) await this.write(wasted);
    if (!isCancelled || !(reason instanceof PraxisError)) throw PraxisError.from(reason);
    const lost = [...this.at.progress].flatMap(([id, { decided, isBegun, postponed }]) =>
      decided && (isBegun || postponed?.doubts !== undefined) ? [this.lost(id, decided.step)] : [],
    );
    await this.write([...lost, { type: 'ended', outcome: 'cancelled', reason: reason.message, result: null }]);
  }

  private lost(id: string, step: number): StepEvent {
    return observed(
      { id, step },
      {
        result: {
          ok: false,
          code: 'unknown-outcome',
          message: 'cancelled while it was under way; it may have been done',
        },
        state: null,
      },
      this.at.world,
      paidFor(this.reserved.get(id)),
    );
  }

  private async end(finish: Extract<Effect, { kind: 'finish' }>): Promise<void> {
    await faultPoint('interpreter.before-ended');
    const wasted = await this.workshop.abandon(ABANDON_MS);
    await this.write([
      ...wasted,
      { type: 'ended', outcome: finish.outcome, reason: finish.reason, result: finish.result },
    ]);
  }

  /** Takes in what is about to be journalled, with what follows from it; where it cannot be, the machine fails. */
  private add(events: readonly StepEvent[]): void {
    this.writer.add(events).catch((error: unknown) => this.workshop.fail(error));
    for (const event of events) this.see(event, this.now());
  }

  /** Takes in what is journalled now, and comes back when it is. */
  private write(events: readonly StepEvent[]): Promise<void> {
    // What did not stop in time has no say any more.
    if (this.isOver)
      return Promise.reject(
        new PraxisError('cancelled', `The stream ${this.task.stream} was let go of before this was done.`),
      );
    this.add(events);
    return this.writer.flushed();
  }

  /** Takes in one event, whether read back or about to be written (interpreter.1). */
  private see(event: StepEvent, at: number): void {
    if (event.type === 'asked' || event.type === 'postponed') this.workshop.forget(event.id);
    // Until its answer says what it did cost, also where another process began it (interpreter.9).
    if (event.type === 'tried') this.reserve(event.id);
    if (isAnswer(event)) {
      this.workshop.forget(event.id);
      this.reserved.delete(event.id);
    }
    this.attempts.see(event, at);
    this.at.see(event, at);
  }

  private reserve(id: string): void {
    const { decided } = this.at.progressOf(id);
    const manifest = decided && this.task.handlers.execute?.manifest(decided.action);
    if (manifest) this.reserved.set(id, priceOf(manifest));
  }
}
