import { setTimeout as sleep } from 'node:timers/promises';
import {
  NO_COST,
  PraxisError,
  actionText,
  diffStates,
  faultPoint,
  isRefusal,
  isStale,
  makeQuestion,
  outsideSource,
  sameState,
  type Cost,
  type Observation,
  type Probe,
  type Question,
  type Retry,
  type StepEvent,
  type WorldState,
} from '@praxis/core';
import { copyChange, type Context, type ActionAttempt } from '../contract/context.js';
import { priceOf } from './gate.js';
import { postponed, retryOf } from './postpone.js';
import { uncertainId } from '../contract/question-ids.js';
import { decidedOn, judgeObservation } from './staleness.js';
import { isCancel } from '../engine/in-flight-effects.js';

type Observed = Extract<StepEvent, { type: 'observed' }>;

/** Answers that say nothing, and gateways that got none, under one key before a person is asked. */
const MOST_DOUBTS = { silent: 3, outage: 20 } as const;

/** Sooner than this nobody else takes a job over: locks last a second at least, and are renewed at their half. */
const FRESH_MS = 400;

/** Sends it once; what may be repeated under the same key is postponed, what nobody can tell goes to a person (S5). */
export async function attempt(actionAttempt: ActionAttempt, since: number): Promise<readonly StepEvent[]> {
  const { context, manifest } = actionAttempt;
  await faultPoint('interpreter.before-effect');
  // Whoever stood still for so long may have been taken for dead, and another does it now: the fence tells
  // (interpreter.6).
  if (manifest.effect !== 'pure' && !manifest.keyed && performance.now() - since > FRESH_MS)
    await context.write([tried(actionAttempt)]);
  const observation = await perform(actionAttempt, isInDoubt(actionAttempt));
  // Who cancels wants to know what is known now.
  if (isCancel(context.hardSignal)) return [seen(actionAttempt, observation)];
  const retry = retryOf(observation, manifest);
  const doubts = doubtsOf(actionAttempt) + (retry?.inDoubt === true ? 1 : 0);
  if (retry !== null && !isSpent(actionAttempt, retry, doubts))
    return [postponed(actionAttempt, observation, { doubts, ...retry })];
  const isUnknown = !observation.result.ok && observation.result.code === 'unknown-outcome';
  return isUnknown ? resolve(actionAttempt, observation) : [seen(actionAttempt, observation)];
}

/**
 * Requests under this key so far that may have been carried out; one that a crash cut off, or an earlier step left
 * open, is such.
 */
const doubtsOf = (actionAttempt: ActionAttempt): number =>
  Math.max(actionAttempt.progress.postponed?.doubts ?? 0, isInDoubt(actionAttempt) ? 1 : 0);

/** Whether repeating it is no use any more, or its skill does not want it. */
function isSpent(actionAttempt: ActionAttempt, { isOutage, policy }: Retry, doubts: number): boolean {
  const { manifest, progress, context, decided } = actionAttempt;
  const most = policy?.attempts ?? null;
  if (most !== null && context.recordOf(decided.action).failures + 1 >= most) return true;
  if (isOutage) return doubts >= MOST_DOUBTS.outage;
  const attempts = manifest.effect === 'pure' ? (progress.postponed?.attempt ?? 0) + 1 : doubts;
  return attempts >= MOST_DOUBTS.silent;
}

/** Whether an earlier request with the key may have been carried out. */
function isInDoubt({ decided, progress }: ActionAttempt): boolean {
  if (progress.isBegun || progress.postponed?.doubts !== undefined) return true;
  const isDenied = [...progress.replies.values()].some((r) => r.answer.verdict === 'not-happened');
  return decided.key !== undefined && !isDenied;
}

/** Nothing says whether it was done: its probe, where it has one, or a person. */
async function resolve(actionAttempt: ActionAttempt, observation: Observation): Promise<readonly StepEvent[]> {
  const { manifest } = actionAttempt;
  const probe = await probeKey(actionAttempt);
  if (probe.happened === true) return [seen(actionAttempt, probe.observation)];
  const doubts = doubtsOf(actionAttempt) + 1;
  if (probe.happened === false && !manifest.keyed && doubts < MOST_DOUBTS.silent)
    return [postponed(actionAttempt, observation, { doubts, afterMs: null })];
  return askPerson(actionAttempt);
}

/** After a crash between `tried` and `observed`, or a pause: by the skill's nature, never by luck (S5). */
export async function recover(actionAttempt: ActionAttempt): Promise<readonly StepEvent[]> {
  const { manifest, progress } = actionAttempt;
  if (progress.replies.has(uncertainty(actionAttempt).id)) return askPerson(actionAttempt);
  const isPostponed = progress.postponed !== null && !progress.isBegun;
  if (isPostponed && (manifest.keyed || progress.postponed!.doubts === undefined)) return again(actionAttempt);
  if (manifest.effect === 'pure' || manifest.keyed) return attempt(actionAttempt, 0);
  if (progress.isBegun) await takeOver(actionAttempt);
  const probe = await probeKey(actionAttempt);
  if (probe.happened === true) return [seen(actionAttempt, probe.observation)];
  return probe.happened === false
    ? attempt({ ...actionAttempt, progress: { ...progress, isBegun: false } }, -Infinity)
    : askPerson(actionAttempt);
}

/**
 * The process that began it may be alive, and about to send it. From this fence on it stops at its next append
 * (interpreter.6), and what it was about to send has arrived after the pause: only then do a probe and a person see it.
 */
async function takeOver(actionAttempt: ActionAttempt): Promise<void> {
  const { context } = actionAttempt;
  context.signal.throwIfAborted();
  await context.write([tried(actionAttempt)]);
  await sleep(context.takeOverMs, undefined, { signal: context.signal }).catch(() => context.signal.throwIfAborted());
}

/** After a pause: begun once more, so that a crash from here on is known, and an earlier owner stops at the fence. */
async function again(actionAttempt: ActionAttempt): Promise<readonly StepEvent[]> {
  const { context } = actionAttempt;
  context.signal.throwIfAborted();
  const since = performance.now();
  await context.write([tried(actionAttempt)]);
  return attempt(actionAttempt, since);
}

/** What became of the key, where the skill can tell. */
export async function probeKey({ context, executor, manifest, decided, key }: ActionAttempt): Promise<Probe> {
  if (manifest.probed !== true || !executor.probe) return { happened: null };
  const probe = await executor.probe(decided.action, key, context.signal);
  if (probe.happened === null) throwIfInterrupted(context.signal, context);
  return probe;
}

/** Nobody can tell: a person is asked, and what was said is done. */
export async function askPerson(actionAttempt: ActionAttempt): Promise<readonly StepEvent[]> {
  const { context, executor, decided, key, progress } = actionAttempt;
  const question = uncertainty(actionAttempt);
  const reply = progress.replies.get(question.id)?.answer;
  if (!reply) return [{ type: 'asked', id: decided.id, question }];
  if (reply.verdict === 'not-happened') return again({ ...actionAttempt, progress: { ...progress, isBegun: false } });
  const message = `${reply.by} says that it was done${reply.reason === '' ? '' : `: ${reply.reason}`}`;
  const followed = await executor.follow?.(decided.action, key, context.signal);
  return [
    seen(actionAttempt, { result: { ok: true, message }, state: followed?.state ?? (await executor.look?.()) ?? null }),
  ];
}

/** The question bears the number of attempts by now, as the journal counts them. */
export function uncertainty({ context, decided, manifest, key }: ActionAttempt): Question {
  const nth = context.tries();
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

async function perform(actionAttempt: ActionAttempt, inDoubt: boolean): Promise<Observation> {
  const { context, executor, manifest, decided, key } = actionAttempt;
  const isRepeatable = manifest.effect === 'pure' || manifest.keyed || manifest.probed === true;
  const signal = isRepeatable ? context.signal : context.hardSignal;
  const believed = context.world();
  const soFar = context.stale();
  const first = await executor.run(decided.action, key, signal, {
    decidedOn: decidedOn(decided.action, believed, soFar),
    inDoubt,
    ...(decided.ensures && { ensures: decided.ensures }),
  });
  await faultPoint('interpreter.after-effect');
  const look = async (): Promise<WorldState | null> => (await executor.look?.()) ?? null;
  const observation = await judgeObservation(decided.action, first, { believed, soFar, look });
  const { result } = observation;
  // What was cut off by a mere interruption is no answer: it is left open, and settled by whoever takes it up again
  // (S5).
  const isCutOff = !result.ok && (result.code === 'cancelled' || result.code === 'unknown-outcome');
  if (isCutOff) throwIfInterrupted(signal, context);
  return observation;
}

function throwIfInterrupted(signal: AbortSignal, { hardSignal }: Context): void {
  if (signal.aborted && !isCancel(hardSignal)) throw PraxisError.from(signal.reason);
}

export const tried = ({ decided: { id, step }, key, manifest: { effect } }: ActionAttempt): StepEvent => ({
  type: 'tried',
  id,
  step,
  key,
  effect,
});

export function seen({ context, decided: { id, step }, manifest }: ActionAttempt, observation: Observation): StepEvent {
  const polling = manifest.polling === true ? ({ polling: true } as const) : {};
  const source = outsideSource(manifest);
  const outside = source === null ? {} : { answeredBy: source };
  const paid = isStale(observation.result) ? { spent: { ...NO_COST, calls: 1 } } : paidFor(priceOf(manifest));
  return observed({ id, step }, observation, context.world(), { ...paid, ...polling, ...outside });
}

/** What an action cost, where it is more than being a step and a call. */
export const paidFor = (price: Cost | undefined): Pick<Observed, 'spent'> =>
  price && (price.money > 0 || price.risk > 0) ? { spent: price } : {};

type More = Pick<Observed, 'spent' | 'polling' | 'answeredBy'>;

/**
 * What came of an action, with how the world changed since the last look, and what of it others had changed before the
 * action came.
 */
export function observed(
  { id, step }: Pick<Observed, 'id' | 'step'>,
  { result, state, before }: Observation,
  believed: WorldState,
  more: More,
): StepEvent {
  // A refusal changes nothing (environment.5): all that changed then is others'.
  const isOthers = before !== undefined && state !== null && !isRefusal(result) && !sameState(believed, before);
  const others = isOthers ? { others: copyChange(diffStates(believed, before)) } : {};
  return {
    type: 'observed',
    id,
    step,
    result,
    change: copyChange(diffStates(believed, state ?? believed)),
    ...others,
    ...more,
  };
}
