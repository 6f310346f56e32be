import {
  ASK_PERSON,
  actionText,
  failureData,
  isStale,
  makeFailure,
  permanently,
  type Effect,
  type Failure,
  type Json,
  type Move,
  type OpenedEvent,
  type ScriptStep,
  type Strategy,
  type StrategyEvent,
} from '@praxis/core';
import { resolveArgs } from '@praxis/expressions';
import { withResult } from './results.js';
import { completeStep, fillCalls, startStep } from './script-calls.js';
import { failItem, failStep, restartStep, skipItem, skipStep, withoutItem } from './script-failures.js';
import { askPerson, readAnswer, readTrouble } from './script-questions.js';
import {
  FIRST,
  NO_OUTPUT,
  beginScript,
  countOf,
  placeOf,
  scopeFor,
  stepOf,
  withStep,
  type Moved,
  type Place,
  type ScriptState,
} from './script-state.js';

type Observed = Extract<StrategyEvent, { type: 'observed' }>;
type Refused = Extract<Observed['result'], { ok: false }>;

/**
 * Carries out the steps of `opened.script` as they stand: what somebody has planned already.
 *
 * script.1 A step begins when all steps that it names or refers to are done, and when the questions that are written
 *          before it are answered (step-order); steps that do not wait for each other run side by side.
 * script.2 References are filled in before a call is decided, so that the journal holds what was really asked for; the
 *          taint of what is referred to is the taint of the decision, and of what the step gives.
 * script.3 A step whose `when` is false is skipped; its output is null.
 * script.4 `each` calls once for every item of a list, at most `parallel` at a time; its output is the list of results
 *          in the order of the items. A list with more than `most` items, or more than there are steps left, is a
 *          failure before the first call. Calls that gave something in an earlier subgoal, which failed, are not made
 *          again.
 * script.5 A failed call is repeated `retry` times, a stale one without being counted; what is refused for good or
 *          denied is not repeated.
 * script.6 A failure that stays, of one item or of the step as a whole, follows `onFail`: the script fails, the output
 *          is null, or a person says which. A question about an item takes the place of its call. Once the script fails
 *          nothing begins, and it ends when everything under way has come back; what it failed by is told.
 * script.7 A step is done only when its checks pass; where there is a condition, the script is done only when a verifier
 *          says that it holds. A step that is begun anew after its checks makes all its calls again.
 * script.8 `ask.person` asks a person. The question names a digest of all that the step refers to, so that an answer is
 *          for exactly that; a no is a failure of the step, and what is none of the choices is asked again.
 * script.9 What a step ensures is said with its last call, which is made when all others have given something.
 * script.10 The script ends: steps that wait for each other are a failure.
 */
export function script(id: string): Strategy<ScriptState> {
  return {
    id,
    version: 2,
    begin: (opened: OpenedEvent) => proceed({ state: beginScript(opened), effects: [] }),
    on(state, event) {
      if (!('id' in event)) return { state, effects: [] };
      const place = placeOf(event.id);
      if (place === null) return event.type === 'verified' ? conclude(state, event.violations) : { state, effects: [] };
      switch (event.type) {
        case 'observed':
          return proceed(observe(state, place, event));
        case 'verified':
          return proceed(checked(state, place, event.violations));
        case 'answered':
          return proceed(answered(state, place, event.answer));
        default:
          return { state, effects: [] };
      }
    },
  };
}

/** Begins and ends whatever can begin and end; ends the script where nothing is left (script.1, script.10). */
function proceed({ state: before, effects }: Moved): Move<ScriptState> {
  let state = before;
  const all: Effect[] = [...effects];
  for (let last: ScriptState | null = null; last !== state && state.failure === null;) {
    last = state;
    for (const step of state.script) {
      if (state.failure !== null) break;
      const moved = advance(state, step);
      state = moved.state;
      all.push(...moved.effects);
    }
  }
  if ([...state.steps.values()].some((s) => s.inFlight > 0)) return { state, effects: all };
  if (state.failure !== null) return finish(state, 'failed', state.failure, all);
  const open = state.script.filter((s) => state.steps.get(s.id)!.status !== 'done').map((s) => s.id);
  if (open.length > 0) return finish(state, 'failed', `the steps ${open.join(', ')} wait for each other`, all);
  return end(state, all);
}

/** One step as far as it goes now. */
function advance(state: ScriptState, step: ScriptStep): Moved {
  const { status, inFlight } = state.steps.get(step.id)!;
  if (status === 'waiting') {
    const isReady = state.order.get(step.id)!.every((id) => state.steps.get(id)!.status === 'done');
    return isReady ? startStep(state, step) : { state, effects: [] };
  }
  if (status !== 'running') return { state, effects: [] };
  if (step.do === ASK_PERSON) return inFlight > 0 ? { state, effects: [] } : askPerson(state, step, '');
  const filled = fillCalls(state, step);
  const now = filled.state.steps.get(step.id)!;
  const isOver = now.status === 'running' && now.inFlight === 0 && now.results.settled === countOf(now);
  if (!isOver || filled.state.failure !== null) return filled;
  const completed = completeStep(filled.state, step);
  return { state: completed.state, effects: [...filled.effects, ...completed.effects] };
}

/** All steps are done: the condition is left (script.7). */
function end(state: ScriptState, effects: readonly Effect[]): Move<ScriptState> {
  const condition = state.opened.condition.trim();
  if (condition === '' || condition === '(and)') return finish(state, 'done', 'all steps are done', effects);
  const context = { outputs: state.outputs } as unknown as Json;
  return { state, effects: [...effects, { kind: 'verify', id: 'verify', by: 'world', candidate: condition, context }] };
}

function conclude(state: ScriptState, violations: readonly string[]): Move<ScriptState> {
  if (violations.length === 0) return finish(state, 'done', 'all steps are done and the condition holds', []);
  return finish(state, 'failed', `all steps are done, and the condition does not hold: ${violations.join('; ')}`, []);
}

/** A call came back. */
function observe(state: ScriptState, { step: id, item }: Place, { result }: Observed): Moved {
  const step = stepOf(state, id);
  const now = state.steps.get(id)!;
  const back = withStep(state, id, { inFlight: now.inFlight - 1 });
  if (result.ok) {
    const results = withResult(now.results, item, result.output ?? NO_OUTPUT);
    const given = withoutItem(withStep({ ...back, calls: state.calls + 1 }, id, { results }), step, item);
    return { state: given, effects: [] };
  }
  if (isStale(result)) return { state: again(back, step, item, {}), effects: [] };
  const counted = { ...back, calls: state.calls + 1, failedCalls: state.failedCalls + 1 };
  const isFinal = result.permanent === true || FINAL.has(result.code);
  const failures = (now.tries[item] ?? FIRST).failures + 1;
  if (!isFinal && failures <= step.retry && state.failure === null)
    return { state: again(counted, step, item, { failures }), effects: [] };
  const cause = causeOf(counted, step, item, result);
  return failItem(counted, step, item, { reason: result.message, code: result.code, cause });
}

/** What the run remembers of a call that failed (script.6). */
function causeOf(state: ScriptState, step: ScriptStep, item: number, result: Refused): Failure | null {
  const resolved = resolveArgs(step.with, scopeFor(state, step, item));
  if ('missing' in resolved || UNTOLD.has(result.code)) return null;
  const failure = makeFailure({ skill: step.do, args: resolved.args }, result.code, state.opened.state);
  return result.permanent === true ? permanently(failure, result.message) : failure;
}

/** What says nothing of the call itself. */
const UNTOLD: ReadonlySet<string> = new Set(['cancelled', 'budget', 'stale']);

/** What is not worth repeating (script.5). */
const FINAL: ReadonlySet<string> = new Set(['denied', 'cancelled', 'budget', 'invalid-args']);

/** The item is called again when it is its turn. */
function again(state: ScriptState, { id }: ScriptStep, item: number, { failures }: { failures?: number }): ScriptState {
  const now = state.steps.get(id)!;
  const tries = now.tries[item] ?? { ...FIRST, asked: 1 };
  return withStep(state, id, {
    again: [...now.again, item],
    tries: { ...now.tries, [item]: { ...tries, ...(failures !== undefined && { failures }) } },
  });
}

/** A verifier has looked at what a step gave (script.7). */
function checked(state: ScriptState, { step: id }: Place, violations: readonly string[]): Moved {
  const step = stepOf(state, id);
  const back = withStep(state, id, { inFlight: 0 });
  if (violations.length === 0) return { state: withStep(back, id, { status: 'done' }), effects: [] };
  return failStep(back, step, { reason: `its output is not as it should be: ${violations.join('; ')}` });
}

/** A person has answered: a question of the script (script.8), or one about a failure (script.6). */
function answered(state: ScriptState, place: Place, answer: Json): Moved {
  const step = stepOf(state, place.step);
  const { inFlight, round, troubles } = state.steps.get(step.id)!;
  const back = withStep(state, step.id, { inFlight: inFlight - 1 });
  if (place.kind === 'ask') {
    const read = readAnswer(state, step, answer);
    if (read === 'declined') return failStep(back, step, { reason: 'a person said no', code: 'denied' });
    if (read !== null) return completeStep(back, step, { value: { answer: read.said }, artifacts: [], taint: [] });
    const next = withStep(back, step.id, { round: round + 1 });
    return askPerson(next, step, `"${String(answer)}" is none of the choices.`);
  }
  const said = readTrouble(answer);
  const ofItem = place.kind === 'trouble';
  if (said === 'skip') return { state: ofItem ? skipItem(back, step, place.item) : skipStep(back, step), effects: [] };
  if (said === 'fail') {
    const reason = troubles[place.item] ?? '';
    const final = { ...step, onFail: 'fail' as const };
    return ofItem ? failItem(back, final, place.item, { reason }) : failStep(back, final, { reason });
  }
  if (!ofItem) return { state: restartStep(back, step), effects: [] };
  const untroubled = Object.fromEntries(Object.entries(troubles).filter(([item]) => Number(item) !== place.item));
  const next = withStep(back, step.id, { troubles: untroubled });
  return { state: again(next, step, place.item, { failures: 0 }), effects: [] };
}

function finish(
  state: ScriptState,
  outcome: 'done' | 'failed',
  reason: string,
  effects: readonly Effect[],
): Move<ScriptState> {
  const own = state.script.flatMap(({ id }) =>
    Object.hasOwn(state.outputs, id) ? [[id, state.outputs[id]!] as const] : [],
  );
  const outputs = outcome === 'done' ? Object.fromEntries(own) : {};
  const result = {
    replans: 0,
    toolsUsed: [],
    failures: outcome === 'failed' && state.cause !== null ? [failureData(state.cause)] : [],
    ...(own.length > 0 && { outputs: outputs as unknown as Json }),
  };
  return { state, effects: [...effects, { kind: 'finish', outcome, reason, result }] };
}

/** For people: what a script is about to do, one line a step. */
export const scriptLine = ({ id, do: skill, with: args, each }: ScriptStep): string =>
  `${id}: ${actionText({ skill, args })}${each === undefined ? '' : ` for each ${each.as} of ${each.of}`}`;
