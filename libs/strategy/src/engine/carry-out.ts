import { setTimeout as sleep } from 'node:timers/promises';
import { NO_COST, PraxisError, makeQuestion, type Effect, type StepEvent } from '@praxis/core';
import { copyChange, type Context } from '../contract/context.js';
import { executeAction } from '../effects/execute-action.js';
import { checkFunds } from '../effects/gate.js';
import type { Thought } from '../contract/handlers.js';
import { freeId } from '../contract/question-ids.js';

type ModelEffect = Extract<Effect, { kind: 'propose' | 'evaluate' | 'verify' }>;

/** Carries out one effect and gives the events that answer it, or `asked`; they are not written yet. */
export async function carryOut(
  effect: Exclude<Effect, { kind: 'finish' }>,
  context: Context,
): Promise<readonly StepEvent[]> {
  const { handlers } = context;
  const { id } = effect;
  switch (effect.kind) {
    case 'propose':
    case 'evaluate':
    case 'verify':
      return think(effect, context);
    case 'execute':
      return executeAction(effect, context);
    case 'simulate': {
      const change = await need(handlers.simulate, effect).call(handlers, effect.state, effect.action);
      return [{ type: 'simulated', id, change: change && copyChange(change) }];
    }
    case 'checkpoint':
      return [{ type: 'checkpointed', id, snapshot: await need(handlers.checkpoint, effect).call(handlers) }];
    case 'restore': {
      const { facts, numbers } = await need(handlers.restore, effect).call(handlers, effect.snapshot);
      return [{ type: 'restored', id, state: { facts: [...facts], numbers: { ...numbers } } }];
    }
    case 'ask':
      return ask(effect, context);
    case 'timer':
      await sleep(effect.milliseconds, undefined, { signal: context.signal });
      return [{ type: 'elapsed', id }];
  }
}

function need<H>(handler: H | undefined, effect: Effect): H {
  if (handler === undefined) throw new PraxisError('bug', `Nobody here can carry out the effect "${effect.kind}".`);
  return handler;
}

/** Thinking costs too: what it may cost is reserved before, and what it did cost stands in its answer. */
async function think(effect: ModelEffect, context: Context): Promise<readonly StepEvent[]> {
  const { handlers, subgoal, progress } = context;
  const price = (await handlers.estimate?.(effect)) ?? NO_COST;
  // From here to the reservation nobody else comes in between (interpreter.9).
  const verdict = checkFunds({
    asker: subgoal,
    id: effect.id,
    what: `To ${effect.kind}`,
    left: context.left(),
    price,
    replies: progress.replies,
  });
  if (verdict.kind === 'ask') return [{ type: 'asked', id: effect.id, question: verdict.question }];
  if (verdict.kind === 'shut') return [withoutThought(effect, verdict.message)];
  context.reserve(effect.id, price);
  return [await thinkNow(effect, context)];
}

async function thinkNow(effect: ModelEffect, { handlers, signal }: Context): Promise<StepEvent> {
  const { id } = effect;
  switch (effect.kind) {
    case 'propose': {
      const thought = await need(handlers.propose, effect).call(handlers, effect, signal);
      return { type: 'proposed', id, candidates: [...thought.candidates], note: thought.note, ...trace(thought) };
    }
    case 'evaluate': {
      const thought = await need(handlers.evaluate, effect).call(handlers, effect, signal);
      return { type: 'scored', id, scores: [...thought.scores], ...trace(thought) };
    }
    case 'verify': {
      const thought = await need(handlers.verify, effect).call(handlers, effect, signal);
      return { type: 'verified', id, violations: [...thought.violations], ...trace(thought) };
    }
  }
}

const trace = ({ spent, call }: Thought): Pick<Thought, 'spent' | 'call'> => ({
  ...(spent && { spent }),
  ...(call && { call }),
});

function withoutThought(effect: ModelEffect, refused: string): StepEvent {
  if (effect.kind === 'propose') return { type: 'proposed', id: effect.id, candidates: [], note: refused, refused };
  if (effect.kind === 'evaluate')
    return { type: 'scored', id: effect.id, scores: effect.candidates.map(() => 0), refused };
  return { type: 'verified', id: effect.id, violations: [refused], refused };
}

function ask(
  { id, to, question: text, choices = [], taint = [], expiresMs }: Extract<Effect, { kind: 'ask' }>,
  { subgoal, progress, now }: Context,
): readonly StepEvent[] {
  const question = makeQuestion({
    id: freeId(subgoal, { id, to, text }),
    kind: 'question',
    text: to === '' ? text : `${to}: ${text}`,
    choices: [...choices],
    taint: [...taint],
    expiresAt: expiresMs === undefined ? null : now() + expiresMs,
  });
  const answer = progress.replies.get(question.id)?.answer;
  return answer ? [{ type: 'answered', id, answer: answer.value }] : [{ type: 'asked', id, question }];
}
