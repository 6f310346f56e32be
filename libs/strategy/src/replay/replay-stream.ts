import {
  PraxisError,
  idempotencyKey,
  mismatch,
  stepEvents,
  type Divergence,
  type Effect,
  type EffectClass,
  type Mismatch,
  type StepEvent,
  type StoredEvent,
  type Strategy,
  type StrategyEvent,
  type WorldState,
} from '@praxis/core';
import type { ForcedStep, Progress } from '../contract/context.js';
import { decisionOf, editedDecision } from '../contract/decisions.js';
import { approvalId, budgetId, freeId, uncertainId } from '../contract/question-ids.js';
import { StreamState, isAnswer, type PendingEffect } from '../engine/stream-state.js';

/**
 * Replay of one stream, pure: the recorded events are fed to the strategy as the interpreter feeds them.
 *
 * replay-stream.1 Every event that answers an effect answers one that the strategy wanted and that had no answer.
 * replay-stream.2 Every decision is the action that the strategy asked for, or what a person or a fork put in its
 *                 place.
 * replay-stream.3 What was tried was decided before, under the key of its decision, and not while a person was being
 *                 asked.
 * replay-stream.4 The stream ends as its strategy wanted, unless it was cancelled or could not go on.
 */
export interface StreamReplay {
  /** Names the stream's owner in keys and questions. */
  readonly subgoal: string;
  readonly strategy: Strategy<unknown>;
  readonly events: readonly StoredEvent[];
  readonly forced?: ForcedStep | null;
  /** How many of the first events are another stream's, whose name their keys bear. */
  readonly shared?: number;
  /** Skills that are known to change something, so that they are never done without `tried`. */
  readonly effectful?: ReadonlySet<string>;
}

/** An effect with its recorded answer. */
export interface AnsweredEffect {
  readonly effect: PendingEffect;
  readonly answer: StrategyEvent;
  readonly position: number;
  /** When the answer was written, and when the effect was asked for. */
  readonly at: number;
  readonly since: number;
  /** For actions: what was decided; null for anything else. */
  readonly decided: Progress['decided'];
  /** As what an action was begun; null for what is pure, and for what was never begun. */
  readonly tried: EffectClass | null;
  /** The world as the stream's owner knew it just before. */
  readonly world: WorldState;
}

/** Where the stream diverges, if it does, and every answer up to there. */
export interface StreamReplayed {
  readonly divergence: Divergence | null;
  readonly answers: readonly AnsweredEffect[];
  /** How the strategy wanted the stream to end; null where it did not. */
  readonly finished: Extract<Effect, { kind: 'finish' }> | null;
}

/** Replays a stream up to the first divergence. */
export function replayStream(replay: StreamReplay): StreamReplayed {
  const state = new StreamState(replay.strategy);
  const check = new Check(replay, state);
  const answers: AnsweredEffect[] = [];
  const since = new Map<string, number>();
  const tried = new Map<string, EffectClass>();
  for (const [position, stored] of replay.events.entries()) {
    const stop = ({ expected, found }: Mismatch): StreamReplayed => ({
      divergence: { stream: stored.stream, position, expected, found },
      answers,
      finished: state.finished,
    });
    const event = stepEvents.decode(stored);
    const found =
      stored.position === position
        ? check.of(event)
        : { expected: `position ${position}`, found: `position ${stored.position}` };
    if (found) return stop(found);
    if (event.type === 'tried') tried.set(event.id, event.effect);
    if (isAnswer(event)) {
      const { pending, world } = state;
      const { decided } = state.progressOf(event.id);
      answers.push({
        effect: pending.get(event.id)!,
        answer: event,
        position,
        at: stored.at,
        since: since.get(event.id)!,
        decided,
        tried: tried.get(event.id) ?? null,
        world,
      });
    }
    try {
      state.see(event, 0);
    } catch (thrown) {
      return stop({
        expected: 'an answer that the strategy can read',
        found: `${event.type}: ${PraxisError.from(thrown).message}`,
      });
    }
    for (const id of state.pending.keys()) if (!since.has(id)) since.set(id, stored.at);
  }
  return { divergence: null, answers, finished: state.finished };
}

const ANSWERS: Readonly<Record<PendingEffect['kind'], StrategyEvent['type']>> = {
  propose: 'proposed',
  evaluate: 'scored',
  verify: 'verified',
  execute: 'observed',
  simulate: 'simulated',
  checkpoint: 'checkpointed',
  restore: 'restored',
  ask: 'answered',
  timer: 'elapsed',
};

/** The gate and the skill registry refuse before anything is tried. */
const REFUSALS: ReadonlySet<string> = new Set(['invalid-args', 'denied', 'budget']);

type Of<T extends StepEvent['type']> = Extract<StepEvent, { type: T }>;

/** Whether an event can follow what was seen so far. */
class Check {
  private readonly decidedSteps = new Set<number>();

  constructor(
    private readonly replay: StreamReplay,
    private readonly state: StreamState,
  ) {}

  of(event: StepEvent): Mismatch | null {
    const { state } = this;
    if (state.ended) return { expected: 'nothing after the end', found: event.type };
    if (event.type === 'opened')
      return state.position === 0 ? null : { expected: this.wanted(), found: 'opened once more' };
    if (event.type === 'ended') return this.end(event);
    if (state.position === 0) return { expected: 'opened', found: event.type };
    if (event.type === 'blocked') return null;
    if (event.type === 'parked') return this.parked(event);
    // What failed or was abandoned answers nothing.
    if (event.type === 'wasted') return null;
    const effect = state.pending.get(event.id);
    if (!effect) return { expected: this.wanted(), found: `${event.type} for ${event.id}` };
    return this.step(event, effect);
  }

  private step(
    event: Exclude<StepEvent, { type: 'opened' | 'ended' | 'parked' | 'blocked' | 'wasted' }>,
    effect: PendingEffect,
  ): Mismatch | null {
    switch (event.type) {
      case 'decided':
        return effect.kind === 'execute' ? this.decided(event, effect) : { expected: this.wanted(), found: 'decided' };
      case 'postponed':
        return this.postponed(event, effect);
      case 'asked':
        return this.asked(event, effect);
      case 'replied':
        return mismatch('a reply to', this.state.waiting.get(event.id)?.id, event.question);
      case 'tried':
        return this.tried(event);
      case 'observed':
        return effect.kind === 'execute' ? this.observed(event) : { expected: this.wanted(), found: 'observed' };
      default:
        return ANSWERS[effect.kind] === event.type ? null : { expected: ANSWERS[effect.kind], found: event.type };
    }
  }

  private decided(event: Of<'decided'>, effect: Extract<Effect, { kind: 'execute' }>): Mismatch | null {
    const { decided, replies } = this.state.progressOf(event.id);
    const step = this.numberOf(event);
    const reply = [...replies.values()].at(-1);
    const wanted = decided
      ? this.state.last === 'replied' && reply && editedDecision(event.id, step, reply)
      : decisionOf(effect, step, this.isShared ? null : (this.replay.forced ?? null));
    // The key of an earlier attempt stands in another stream.
    return wanted
      ? mismatch('decided', { ...wanted, ...(event.key !== undefined && { key: event.key }) }, event)
      : { expected: 'one decision for the step', found: 'another one, which nobody asked for' };
  }

  /** Decisions that are made side by side may be written in another order than that of their numbers. */
  private numberOf({ step }: Of<'decided'>): number {
    const { steps, pending } = this.state;
    if (this.decidedSteps.has(step) || step >= steps + pending.size) return steps;
    this.decidedSteps.add(step);
    return step;
  }

  private asked({ id, question }: Of<'asked'>, effect: PendingEffect): Mismatch | null {
    if (this.state.waiting.has(id)) return { expected: 'an answer to the open question', found: 'another question' };
    const { decided, tries, replies } = this.state.progressOf(id);
    const nth = [...replies.values()].filter((r) => r.question.kind === question.kind).length;
    if (question.kind === 'budget')
      return this.named('asked.question.id', question.id, (subgoal) => budgetId(subgoal, { id, nth }));
    if (question.kind === 'question') return this.freeQuestion(question, effect);
    if (!decided) return { expected: 'decided', found: `asked (${question.kind})` };
    const about =
      mismatch('asked.question.action', decided.action, question.action) ??
      mismatch('asked.question.taint', decided.taint, question.taint) ??
      this.key('asked.question.key', decided, question.key ?? '');
    if (about) return about;
    return question.kind === 'uncertain'
      ? this.uncertain(id, question, decided, tries)
      : this.named('asked.question.id', question.id, (subgoal) =>
          approvalId(subgoal, { id, step: decided.step, print: question.fingerprint ?? '', nth }),
        );
  }

  /** What a strategy wanted to know. */
  private freeQuestion(question: Of<'asked'>['question'], effect: PendingEffect): Mismatch | null {
    if (effect.kind !== 'ask') return { expected: this.wanted(), found: 'a question' };
    const { id, to, question: text, choices = [], taint = [] } = effect;
    return (
      mismatch('asked.question.choices', [...choices], question.choices) ??
      mismatch('asked.question.taint', [...taint], question.taint) ??
      this.named('asked.question.id', question.id, (subgoal) => freeId(subgoal, { id, to, text }))
    );
  }

  /** What was begun, here or in an earlier step whose key this one has taken over. */
  private uncertain(
    id: string,
    question: Of<'asked'>['question'],
    { key }: Of<'decided'>,
    tries: number,
  ): Mismatch | null {
    if (tries === 0 && key === undefined) return { expected: 'tried', found: 'asked (uncertain)' };
    return this.named('asked.question.id', question.id, (subgoal) =>
      uncertainId(subgoal, { id, key: question.key ?? '', nth: tries }),
    );
  }

  private tried(event: Of<'tried'>): Mismatch | null {
    const { decided, replies } = this.state.progressOf(event.id);
    if (!decided) return { expected: 'decided', found: 'tried' };
    if (this.state.waiting.has(event.id)) return { expected: 'a reply', found: 'tried without one' };
    const last = [...replies.values()].at(-1)?.answer.verdict;
    if (last === 'reject' || last === 'expired')
      return { expected: 'observed as refused', found: `tried, though the answer was ${last}` };
    return mismatch('tried.step', decided.step, event.step) ?? this.key('tried.key', decided, event.key);
  }

  private observed({ id, step, result }: Of<'observed'>): Mismatch | null {
    const { decided, tries } = this.state.progressOf(id);
    if (!decided) return { expected: 'decided', found: 'observed' };
    const isLost = !result.ok && result.code === 'unknown-outcome';
    if (this.state.waiting.has(id) && !isLost) return { expected: 'a reply', found: 'observed without one' };
    const isRefused = !result.ok && (REFUSALS.has(result.code) || result.permanent === true);
    if (tries === 0 && !isRefused && this.replay.effectful?.has(decided.action.skill) === true)
      return { expected: 'tried', found: 'observed without it' };
    return mismatch('observed.step', decided.step, step);
  }

  /** An action that failed for now is attempted again, under the key of its decision. */
  private postponed({ id, step }: Of<'postponed'>, effect: PendingEffect): Mismatch | null {
    const { decided } = this.state.progressOf(id);
    if (effect.kind !== 'execute' || !decided) return { expected: this.wanted(), found: 'postponed' };
    if (this.state.waiting.has(id)) return { expected: 'a reply', found: 'postponed without one' };
    return mismatch('postponed.step', decided.step, step);
  }

  private parked({ questions, until }: Of<'parked'>): Mismatch | null {
    const { waiting, pending, last } = this.state;
    const isPut = (id: string): boolean =>
      waiting.has(id) || (until !== undefined && this.state.progressOf(id).postponed !== null);
    if (
      last === 'parked' ||
      (waiting.size === 0 && until === undefined) ||
      [...pending.keys()].some((id) => !isPut(id))
    )
      return { expected: this.wanted(), found: 'parked' };
    return mismatch(
      'parked.questions',
      [...waiting.values()].map((q) => q.id),
      questions,
    );
  }

  private end(event: Of<'ended'>): Mismatch | null {
    const { finished } = this.state;
    // A cancel ends it whatever the strategy makes of what was cancelled; the run's stream knows of it.
    if (event.outcome === 'cancelled' && event.result === null) return null;
    if (finished)
      return mismatch(
        'ended',
        { outcome: finished.outcome, reason: finished.reason, result: finished.result },
        { outcome: event.outcome, reason: event.reason, result: event.result },
      );
    // Something that trying again could not mend.
    if (event.outcome === 'done' || event.result !== null)
      return { expected: this.wanted(), found: `ended as ${event.outcome}` };
    return null;
  }

  private key(what: string, { step, action, key: taken }: Of<'decided'>, found: string): Mismatch | null {
    if (taken !== undefined) return mismatch(what, taken, found);
    return this.named(what, found, (subgoal) => idempotencyKey(subgoal, step, action));
  }

  /** Names that bear the stream's own; in what a fork shares they bear another one's. */
  private named(what: string, found: string, make: (subgoal: string) => string): Mismatch | null {
    return this.isShared ? null : mismatch(what, make(this.replay.subgoal), found);
  }

  private get isShared(): boolean {
    return this.state.position < (this.replay.shared ?? 0);
  }

  private wanted(): string {
    const { pending, finished } = this.state;
    if (finished) return `ended as ${finished.outcome}`;
    return [...pending].map(([id, effect]) => `${ANSWERS[effect.kind]} for ${id}`).join(' or ') || 'nothing';
  }
}
