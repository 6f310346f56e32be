import {
  NO_COST,
  PraxisError,
  actionText,
  idempotencyKey,
  isAhead,
  type Effect,
  type Failure,
  type StepEvent,
  type WorldState,
} from '@praxis/core';
import { askPerson, attempt, observed, probeKey, recover, seen, tried, uncertainty } from './attempt-action.js';
import type { Context, ActionAttempt } from '../contract/context.js';
import { decisionOf } from '../contract/decisions.js';
import { passGate, priceOf, wantsPerson, type Verdict } from './gate.js';
import { decideAgain, elsewhereOf, giveWay, isTaken, isWaiting } from './give-way.js';
import { outdated } from './outdated.js';
import { pauseBefore } from './pacing.js';

type Execute = Extract<Effect, { kind: 'execute' }>;
type Decided = Extract<StepEvent, { type: 'decided' }>;

/** Carries an action out and gives the events that answer it, or the question that has to be answered first. */
export async function executeAction(effect: Execute, context: Context): Promise<readonly StepEvent[]> {
  const executor = context.handlers.execute;
  if (executor === undefined) throw new PraxisError('bug', 'Nobody here can carry out actions.');
  const { progress } = context;
  const decided = progress.decided ?? decide(effect, context);
  const fresh = await write(decided, context);
  const manifest = executor.manifest(decided.action);
  if (!manifest)
    return [
      ...fresh,
      refused(decided, context, { code: 'invalid-args', message: `there is no skill called ${decided.action.skill}` }),
    ];
  const key = decided.key ?? idempotencyKey(context.subgoal, decided.step, decided.action);
  const actionAttempt: ActionAttempt = { context, executor, manifest, decided, key, progress };
  const isHere = progress.tries > 0 && !isWaiting(actionAttempt);
  if (isHere) return recover(actionAttempt);
  const elsewhere = await elsewhereOf(actionAttempt);
  if (elsewhere.refused) return [...fresh, notAgain(actionAttempt, elsewhere.refused)];
  if (isTaken(actionAttempt, elsewhere)) return [...fresh, giveWay(actionAttempt)];
  if (isWaiting(actionAttempt)) return [await decideAgain(actionAttempt)];
  return decided.key === undefined ? begin(actionAttempt, fresh) : takeUp(actionAttempt, fresh);
}

/**
 * A decision takes over the key of an earlier attempt at the same action whose outcome is unknown: no other may be sent
 * (S5).
 */
function decide(effect: Execute, context: Context): Decided {
  const decided = decisionOf(effect, context.takeStep(), context.forced);
  const { doubt } = context.recordOf(decided.action);
  return doubt === null ? decided : { ...decided, key: doubt };
}

/**
 * A decision that is not written yet. It is written with what follows, which saves an append; at once where other
 * decisions could come in between, so that steps are numbered in the order of the journal.
 */
async function write(decided: Decided, context: Context): Promise<readonly StepEvent[]> {
  if (context.progress.decided !== null) return [];
  if (context.isAlone()) return [decided];
  await context.write([decided]);
  return [];
}

/** First time: what speaks against it, then the gate, then `tried`, then the effect. */
async function begin(actionAttempt: ActionAttempt, fresh: readonly StepEvent[]): Promise<readonly StepEvent[]> {
  const { context, decided } = actionAttempt;
  const failure = context.permanentFailureOf(decided.action);
  if (failure) return [...fresh, notAgain(actionAttempt, failure)];
  const wait = pace(actionAttempt);
  if (wait) return [...fresh, wait];
  const old = await outdated(actionAttempt);
  if (old) return [...fresh, old];
  const problem = await problemOf(actionAttempt);
  if (problem !== null && decided.origin === 'fork')
    return [...fresh, refused(decided, context, { code: 'not-applicable', message: `${problem}; nothing was sent` })];
  const state = await stateFor(actionAttempt);
  // From here to the reservation nobody else comes in between (interpreter.9).
  const verdict = gateRequest(actionAttempt, state, problem);
  if (verdict.kind === 'ask') return [...fresh, { type: 'asked', id: decided.id, question: verdict.question }];
  if (verdict.kind === 'shut') return [...fresh, refused(decided, context, verdict)];
  return pass(actionAttempt, fresh);
}

/** What speaks against an action that no policy chose, before anything is sent; null where nothing does. */
async function problemOf({ executor, decided: { origin, action } }: ActionAttempt): Promise<string | null> {
  const isForeign = origin === 'person' || origin === 'fork';
  return isForeign && executor.check ? executor.check(action) : null;
}

/** The world that a decision at the gate is about: as it is now, where a person has to decide. */
async function stateFor({ context, executor, decided, manifest }: ActionAttempt): Promise<WorldState> {
  const seen = wantsPerson({ decided, manifest, rules: context.rules }) ? await executor.look?.() : null;
  return seen ?? context.world();
}

function gateRequest(
  { context, decided, manifest, key, progress }: ActionAttempt,
  state: WorldState,
  problem: string | null,
): Verdict {
  const { rules, subgoal } = context;
  const { approvals } = context.recordOf(decided.action);
  return passGate({
    subgoal,
    decided,
    manifest,
    key,
    state,
    left: context.left(),
    rules,
    replies: progress.replies,
    approvals,
    problem,
  });
}

async function pass(actionAttempt: ActionAttempt, fresh: readonly StepEvent[]): Promise<readonly StepEvent[]> {
  const { context, manifest, decided } = actionAttempt;
  // Nothing begins once work has to stop.
  context.signal.throwIfAborted();
  context.reserve(decided.id, priceOf(manifest));
  if (manifest.effect === 'pure') {
    await context.flushed();
    return [...fresh, ...(await attempt(actionAttempt, 0))];
  }
  const since = performance.now();
  await context.write([...fresh, tried(actionAttempt)]);
  // Of two that begin at the same moment, at least one sees the other.
  if ((await elsewhereOf(actionAttempt)).isBegun) return [giveWay(actionAttempt)];
  return attempt(actionAttempt, since);
}

/** An action that fails again and again waits before it is tried once more; a world's own actions do not. */
function pace({ context, decided, manifest, key, progress }: ActionAttempt): StepEvent | null {
  const { failures, lastAt } = context.recordOf(decided.action);
  const isWoken = progress.postponed !== null && (progress.postponed.retries ?? 0) < context.retries;
  const until = lastAt + pauseBefore(failures, key);
  if (isWoken || manifest.source.startsWith('world:') || until <= context.now() || isAhead(lastAt, context.now()))
    return null;
  const { id, step } = decided;
  const message = `${actionText(decided.action)} failed ${failures} times in a row`;
  return {
    type: 'postponed',
    id,
    step,
    attempt: failures,
    until,
    code: 'not-applicable',
    message,
    ...(context.retries > 0 && { retries: context.retries }),
  };
}

/** An earlier attempt of the run at this action is in doubt; this step settles it under the same key. */
async function takeUp(actionAttempt: ActionAttempt, fresh: readonly StepEvent[]): Promise<readonly StepEvent[]> {
  const { manifest, decided, progress } = actionAttempt;
  if (manifest.keyed) return begin(actionAttempt, fresh);
  const question = uncertainty(actionAttempt);
  const reply = progress.replies.get(question.id)?.answer;
  if (reply?.verdict === 'not-happened') return begin(actionAttempt, fresh);
  if (reply) return askPerson(actionAttempt);
  const probe = await probeKey(actionAttempt);
  if (probe.happened === true) return [...fresh, seen(actionAttempt, probe.observation)];
  return probe.happened === false
    ? begin(actionAttempt, fresh)
    : [...fresh, { type: 'asked', id: decided.id, question }];
}

/** It is not to be done in this run any more. */
const notAgain = ({ decided, context }: ActionAttempt, { code, reason }: Failure): StepEvent =>
  refused(decided, context, { code, message: reason ?? code, permanent: true });

/** Nothing was done, so nothing is spent. */
function refused(
  decided: Decided,
  context: Context,
  { code, message, permanent }: { readonly code: Refusal; readonly message: string; readonly permanent?: boolean },
): StepEvent {
  const result = { ok: false, code, message, ...(permanent === true && { permanent }) } as const;
  return observed(decided, { result, state: null }, context.world(), { spent: NO_COST });
}

type Refusal = Extract<Extract<StepEvent, { type: 'observed' }>['result'], { ok: false }>['code'];
