import { setTimeout as sleep } from 'node:timers/promises';
import {
  PraxisError,
  diffStates,
  idempotencyKey,
  type Effect,
  type Observation,
  type StepEvent,
  type WorldState,
} from '@praxis/core';
import type { Handlers } from './handlers.js';

/** How far an action had come before: decided, and perhaps tried. */
export interface Progress {
  readonly decided: Extract<StepEvent, { type: 'decided' }>;
  readonly tried: Extract<StepEvent, { type: 'tried' }> | null;
}

/** What carrying out an effect may use. */
export interface Context {
  readonly subgoal: string;
  readonly handlers: Handlers;
  readonly signal: AbortSignal;
  readonly progress: Progress | null;
  world(): WorldState;
  nextStep(): number;
  write(events: readonly StepEvent[]): Promise<void>;
}

type Execute = Extract<Effect, { kind: 'execute' }>;

/** Carries out one effect and gives the events that answer it; they are not written yet. */
export async function carryOut(effect: Exclude<Effect, { kind: 'finish' }>, context: Context): Promise<readonly StepEvent[]> {
  const { handlers, signal } = context;
  const { id } = effect;
  switch (effect.kind) {
    case 'propose': {
      const { candidates, note } = await need(handlers.propose, effect).call(handlers, effect, signal);
      return [{ type: 'proposed', id, candidates: [...candidates], note }];
    }
    case 'evaluate':
      return [{ type: 'scored', id, scores: [...(await need(handlers.evaluate, effect).call(handlers, effect, signal))] }];
    case 'verify':
      return [{ type: 'verified', id, violations: [...(await need(handlers.verify, effect).call(handlers, effect, signal))] }];
    case 'execute':
      return execute(effect, context);
    case 'simulate':
      return [{ type: 'simulated', id, change: copy(await need(handlers.simulate, effect).call(handlers, effect.state, effect.action)) }];
    case 'checkpoint':
      return [{ type: 'checkpointed', id, snapshot: await need(handlers.checkpoint, effect).call(handlers) }];
    case 'restore': {
      const { facts, numbers } = await need(handlers.restore, effect).call(handlers, effect.snapshot);
      return [{ type: 'restored', id, state: { facts: [...facts], numbers: { ...numbers } } }];
    }
    case 'ask':
      return [{ type: 'answered', id, answer: await need(handlers.ask, effect).call(handlers, effect, signal) }];
    case 'timer':
      await sleep(effect.milliseconds, undefined, { signal });
      return [{ type: 'elapsed', id }];
  }
}

function need<H>(handler: H | undefined, effect: Effect): H {
  if (handler === undefined) throw new PraxisError('bug', `Nobody here can carry out the effect "${effect.kind}".`);
  return handler;
}

async function execute(effect: Execute, context: Context): Promise<readonly StepEvent[]> {
  const { id, action, why, origin } = effect;
  const executor = need(context.handlers.execute, effect);
  const manifest = executor.manifest(action);
  const step = context.progress?.decided.step ?? context.nextStep();
  const key = idempotencyKey(context.subgoal, step, action);
  const decided: StepEvent = { type: 'decided', id, step, action, why, origin };
  const fresh = context.progress === null ? [decided] : [];
  if (!manifest) return [...fresh, observed(id, step, refusal(`there is no skill called ${action.skill}`), context.world())];
  if (manifest.effect === 'pure') return [...fresh, observed(id, step, await executor.run(action, key, context.signal), context.world())];
  if (context.progress?.tried && !manifest.keyed) {
    // I4: the action may have happened, nobody can tell, and doing it again is not safe.
    const message = `${action.skill} was started before a crash and its outcome is unknown; look at the world before you try again`;
    return [observed(id, step, { result: { ok: false, code: 'unknown-outcome', message }, state: null }, context.world())];
  }
  if (!context.progress?.tried) await context.write([...fresh, { type: 'tried', id, step, key, effect: manifest.effect }]);
  return [observed(id, step, await executor.run(action, key, context.signal), context.world())];
}

function refusal(message: string): Observation {
  return { result: { ok: false, code: 'invalid-args', message }, state: null };
}

function observed(id: string, step: number, seen: Observation, before: WorldState): StepEvent {
  const change = diffStates(before, seen.state ?? before);
  return { type: 'observed', id, step, result: seen.result, change: copy(change)! };
}

type PlainChange = Extract<StepEvent, { type: 'observed' }>['change'];

function copy(change: ReturnType<typeof diffStates> | null): PlainChange | null {
  return change && { added: [...change.added], removed: [...change.removed], numbers: { ...change.numbers } };
}
