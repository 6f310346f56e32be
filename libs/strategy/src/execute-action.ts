import { setTimeout as sleep } from 'node:timers/promises';
import {
  NO_COST,
  PraxisError,
  actionText,
  diffStates,
  faultPoint,
  idempotencyKey,
  isRefusal,
  isStale,
  makeQuestion,
  outsideSource,
  sameState,
  type Cost,
  type Effect,
  type Observation,
  type Probe,
  type Question,
  type SkillManifest,
  type StepEvent,
  type WorldState,
} from '@praxis/core';
import { copyChange, type Context, type Progress } from './context.js';
import { decisionOf } from './decisions.js';
import { passGate, priceOf, wantsPerson } from './gate.js';
import type { Handlers } from './handlers.js';
import { uncertainId } from './question-ids.js';
import { decidedOn, judgeObservation } from './staleness.js';
import { isCancel } from './workshop.js';

type Execute = Extract<Effect, { kind: 'execute' }>;
type Decided = Extract<StepEvent, { type: 'decided' }>;

/** One action on its way through the ledger: decided, let through the gate, tried, done, observed (S3, S4, S5). */
interface Passage {
  readonly context: Context;
  readonly executor: NonNullable<Handlers['execute']>;
  readonly manifest: SkillManifest;
  readonly decided: Decided;
  readonly key: string;
  readonly progress: Progress;
}

/** Carries an action out and gives the events that answer it, or the question that has to be answered first. */
export async function executeAction(effect: Execute, context: Context): Promise<readonly StepEvent[]> {
  const executor = context.handlers.execute;
  if (executor === undefined) throw new PraxisError('bug', 'Nobody here can carry out actions.');
  const { progress } = context;
  const decided = progress.decided ?? decisionOf(effect, context.takeStep(), context.forced);
  const fresh = await decide(decided, context);
  const manifest = executor.manifest(decided.action);
  if (!manifest) return [...fresh, refused(decided, context, 'invalid-args', `there is no skill called ${decided.action.skill}`)];
  const key = idempotencyKey(context.subgoal, decided.step, decided.action);
  const passage: Passage = { context, executor, manifest, decided, key, progress };
  return progress.tries > 0 ? recover(passage) : pass(passage, fresh);
}

/**
 * A decision that is not written yet. It is written with what follows, which saves an append; at once where other
 * decisions could come in between, so that steps are numbered in the order of the journal.
 */
async function decide(decided: Decided, context: Context): Promise<readonly StepEvent[]> {
  if (context.progress.decided !== null) return [];
  if (context.isAlone()) return [decided];
  await context.write([decided]);
  return [];
}

/** First time: through the gate, then `tried`, then the effect. */
async function pass(passage: Passage, fresh: readonly StepEvent[]): Promise<readonly StepEvent[]> {
  const { context, executor, manifest, decided, key, progress } = passage;
  const { rules } = context;
  const state = (wantsPerson({ decided, manifest, rules }) ? await executor.look?.() : null) ?? context.world();
  // From here to the reservation nobody else comes in between (I9).
  const verdict = passGate({ subgoal: context.subgoal, decided, manifest, key, state, left: context.left(), rules, replies: progress.replies });
  if (verdict.kind === 'ask') return [...fresh, { type: 'asked', id: decided.id, question: verdict.question }];
  if (verdict.kind === 'shut') return [...fresh, refused(decided, context, verdict.code, verdict.message)];
  // Nothing begins once work has to stop.
  context.signal.throwIfAborted();
  context.reserve(decided.id, priceOf(manifest));
  if (manifest.effect === 'pure') {
    await context.flushed();
    await faultPoint('interpreter.before-effect');
    return [...fresh, seen(passage, await perform(passage))];
  }
  const since = performance.now();
  await context.write([...fresh, tried(passage)]);
  return settle(passage, 1, since);
}

/** How often a keyed or probed skill is asked, with the same key, before somebody has to say what became of it. */
const ASKS = 3;
const PAUSE_MS = 250;

/** Sooner than this nobody else takes a job over: locks last a second at least, and are renewed at their half. */
const FRESH_MS = 400;

/** Does it; where nobody can tell what became of it, it is settled as after a crash (S5). `nth` counts the times it was begun. */
async function settle(passage: Passage, begun: number, since: number): Promise<readonly StepEvent[]> {
  const { context, manifest } = passage;
  let nth = begun;
  for (let asks = 1; ; asks++) {
    await faultPoint('interpreter.before-effect');
    // Whoever stood still for so long may have been taken for dead, and another does it now: the fence tells (I6).
    if (manifest.effect !== 'pure' && !manifest.keyed && performance.now() - since > FRESH_MS) {
      await context.write([tried(passage)]);
      nth++;
    }
    const observation = await perform(passage);
    const isUnknown = !observation.result.ok && observation.result.code === 'unknown-outcome';
    // Who cancels wants to know what is known now.
    if (!isUnknown || isCancel(context.hardSignal)) return [seen(passage, observation)];
    if (asks >= ASKS) return askPerson(passage, nth);
    if (!manifest.keyed) {
      const probe = await probeKey(passage);
      if (probe.happened === true) return [seen(passage, probe.observation)];
      if (probe.happened === null) return askPerson(passage, nth);
    }
    await sleep(PAUSE_MS * asks, undefined, { signal: context.signal });
  }
}

/** After a crash between `tried` and `observed`: by the skill's nature, never by luck (S5). */
async function recover(passage: Passage): Promise<readonly StepEvent[]> {
  const { manifest, progress } = passage;
  if (progress.replies.has(uncertainty(passage, progress.tries).id)) return askPerson(passage, progress.tries);
  if (manifest.effect === 'pure' || manifest.keyed) return settle(passage, progress.tries, 0);
  const probe = await probeKey(passage);
  if (probe.happened === true) return [seen(passage, probe.observation)];
  // Tried anew, so that whoever began it before and still lives stops at the fence.
  return probe.happened === false ? settle(passage, progress.tries, -Infinity) : askPerson(passage, progress.tries);
}

/** What became of the key, where the skill can tell. */
async function probeKey({ context, executor, manifest, decided, key }: Passage): Promise<Probe> {
  if (manifest.probed !== true || !executor.probe) return { happened: null };
  const probe = await executor.probe(decided.action, key, context.signal);
  if (probe.happened === null) throwIfInterrupted(context.signal, context);
  return probe;
}

/** Nobody can tell: a person is asked, and what was said is done. */
async function askPerson(passage: Passage, nth: number): Promise<readonly StepEvent[]> {
  const { context, executor, decided, key, progress } = passage;
  const question = uncertainty(passage, nth);
  const reply = progress.replies.get(question.id)?.answer;
  if (!reply) return [{ type: 'asked', id: decided.id, question }];
  if (reply.verdict === 'not-happened') {
    const since = performance.now();
    await context.write([tried(passage)]);
    return settle(passage, nth + 1, since);
  }
  const message = `${reply.by} says that it was done${reply.reason === '' ? '' : `: ${reply.reason}`}`;
  const followed = await executor.follow?.(decided.action, key, context.signal);
  return [seen(passage, { result: { ok: true, message }, state: followed?.state ?? (await executor.look?.()) ?? null })];
}

function uncertainty({ context, decided, manifest, key }: Passage, nth: number): Question {
  return makeQuestion({
    id: uncertainId(context.subgoal, { id: decided.id, key, nth }),
    kind: 'uncertain',
    text: `Was ${actionText(decided.action)} done? It was begun, and nothing can tell what became of it. If it was not, it is done now.`,
    action: decided.action,
    effect: manifest.effect,
    key,
    taint: [...decided.taint],
  });
}

async function perform(passage: Passage): Promise<Observation> {
  const { context, executor, manifest, decided, key } = passage;
  const isRepeatable = manifest.effect === 'pure' || manifest.keyed || manifest.probed === true;
  const signal = isRepeatable ? context.signal : context.hardSignal;
  const believed = context.world();
  const soFar = context.stale();
  const seenSo = await executor.run(decided.action, key, signal, decidedOn(decided.action, believed, soFar));
  await faultPoint('interpreter.after-effect');
  const look = async (): Promise<WorldState | null> => (await executor.look?.()) ?? null;
  const observation = await judgeObservation(decided.action, seenSo, { believed, soFar, look });
  const { result } = observation;
  // What was cut off by a mere interruption is no answer: it is left open, and settled by whoever takes it up again (S5).
  const isCutOff = !result.ok && (result.code === 'cancelled' || result.code === 'unknown-outcome');
  if (isCutOff) throwIfInterrupted(signal, context);
  return observation;
}

function throwIfInterrupted(signal: AbortSignal, { hardSignal }: Context): void {
  if (signal.aborted && !isCancel(hardSignal)) throw PraxisError.from(signal.reason);
}

const tried = ({ decided: { id, step }, key, manifest: { effect } }: Passage): StepEvent => ({ type: 'tried', id, step, key, effect });

function seen({ context, decided: { id, step }, manifest }: Passage, observation: Observation): StepEvent {
  const polling = manifest.polling === true ? ({ polling: true } as const) : {};
  const source = outsideSource(manifest);
  const outside = source === null ? {} : { answeredBy: source };
  const paid = isStale(observation.result) ? { spent: { ...NO_COST, calls: 1 } } : paidFor(priceOf(manifest));
  return observed({ id, step }, observation, context.world(), { ...paid, ...polling, ...outside });
}

/** What an action cost, where it is more than being a step and a call. */
export const paidFor = (price: Cost | undefined): Pick<Observed, 'spent'> => (price && (price.money > 0 || price.risk > 0) ? { spent: price } : {});

/** Nothing was done, so nothing is spent. */
function refused(decided: Decided, context: Context, code: 'invalid-args' | 'denied' | 'budget', message: string): StepEvent {
  return observed(decided, { result: { ok: false, code, message }, state: null }, context.world(), { spent: NO_COST });
}

type Observed = Extract<StepEvent, { type: 'observed' }>;

/** What came of an action, with how the world changed since the last look, and what of it others had changed before the action came. */
export function observed({ id, step }: { readonly id: string; readonly step: number }, { result, state, before }: Observation, believed: WorldState, more: Pick<Observed, 'spent' | 'polling' | 'answeredBy'>): StepEvent {
  // A refusal changes nothing (W5): all that changed then is others'.
  const isOthers = before !== undefined && state !== null && !isRefusal(result) && !sameState(believed, before);
  const others = isOthers ? { others: copyChange(diffStates(believed, before)) } : {};
  return { type: 'observed', id, step, result, change: copyChange(diffStates(believed, state ?? believed)), ...others, ...more };
}
