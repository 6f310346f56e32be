import {
  actionText,
  isStale,
  type Json,
  type Move,
  type OpenedEvent,
  type Output,
  type ScriptStep,
  type Strategy,
  type StrategyEvent,
} from '@praxis/core';
import { askTrouble, callItem, checkStep, declined, startStep, type Begun } from './script-steps.js';
import {
  FIRST,
  NO_OUTPUT,
  beginScript,
  listOutput,
  nextItem,
  placeOf,
  waitsFor,
  withStep,
  type Place,
  type ScriptState,
} from './script-state.js';

type Observed = Extract<StrategyEvent, { type: 'observed' }>;

/**
 * Carries out the steps of `opened.script` as they stand: what somebody has planned already.
 *
 * script.1 A step begins when all steps that it names or refers to are done; steps that do not wait for each other run
 *          side by side.
 * script.2 References are filled in before a call is decided, so that the journal holds what was really asked for; the
 *          taint of what is referred to is the taint of the decision.
 * script.3 A step whose `when` is false is skipped; its output is null.
 * script.4 `each` calls once for every item of a list, at most `parallel` at a time; its output is the list of results
 *          in the order of the items. A list with more than `most` items is a failure before the first call.
 *          Calls that gave something in an earlier subgoal, which failed, are not made again.
 * script.5 A failed call is repeated `retry` times, a stale one without being counted; what is refused for good or
 *          denied is not repeated.
 * script.6 A failure that stays follows `onFail`: the script fails, the output is null, or a person says which. Once the
 *          script fails nothing begins, and it ends when everything under way has come back.
 * script.7 A step is done only when its checks pass; where there is a condition, the script is done only when a verifier
 *          says that it holds.
 * script.8 `ask.person` asks a person. The question names a digest of all that the step refers to, so that an answer is
 *          for exactly that; a no is a failure of the step.
 */
export function script(id: string): Strategy<ScriptState> {
  return {
    id,
    version: 1,
    begin: (opened: OpenedEvent) => proceed(beginScript(opened), []),
    on(state, event) {
      if (!('id' in event)) return { state, effects: [] };
      const place = placeOf(event.id);
      if (place === null) return event.type === 'verified' ? conclude(state, event.violations) : { state, effects: [] };
      switch (event.type) {
        case 'observed':
          return observe(state, place, event);
        case 'verified':
          return checked(state, place, event.violations);
        case 'answered':
          return place.kind === 'ask' ? answered(state, place, event.answer) : settle(state, place, event.answer);
        default:
          return { state, effects: [] };
      }
    },
  };
}

/** Begins whatever can begin, after some effects of the event itself (script.1); ends where nothing is left. */
function proceed(before: ScriptState, effects: Move<ScriptState>['effects']): Move<ScriptState> {
  let state = before;
  const all = [...effects];
  const ids = state.script.map((s) => s.id);
  for (let progress = true; progress && state.failure === null;) {
    progress = false;
    for (const step of state.script) {
      if (state.steps.get(step.id)!.status !== 'waiting' || state.failure !== null) continue;
      if (!waitsFor(step, ids).every((id) => state.steps.get(id)!.status === 'done')) continue;
      const begun: Begun = startStep(state, step);
      state = begun.state;
      all.push(...begun.effects);
      // What ended at once may be what others wait for.
      progress = true;
    }
  }
  const isBusy = [...state.steps.values()].some((s) => s.inFlight > 0);
  if (state.failure !== null && !isBusy) return finish(state, 'failed', state.failure, all);
  const isDone = [...state.steps.values()].every((s) => s.status === 'done');
  return isDone && state.failure === null ? end(state, all) : { state, effects: all };
}

/** All steps are done: the condition is left (script.7). */
function end(state: ScriptState, effects: Move<ScriptState>['effects']): Move<ScriptState> {
  const condition = state.opened.condition.trim();
  if (condition === '' || condition === '(and)') return finish(state, 'done', 'all steps are done', effects);
  const context = { outputs: state.outputs } as unknown as Json;
  const verify = { kind: 'verify', id: 'verify', by: 'world', candidate: condition, context } as const;
  return { state: { ...state, isVerifying: true }, effects: [...effects, verify] };
}

function conclude(state: ScriptState, violations: readonly string[]): Move<ScriptState> {
  if (violations.length === 0) return finish(state, 'done', 'all steps are done and the condition holds', []);
  return finish(state, 'failed', `all steps are done, and the condition does not hold: ${violations.join('; ')}`, []);
}

function observe(state: ScriptState, place: Place, { result }: Observed): Move<ScriptState> {
  const step = stepOf(state, place);
  const now = state.steps.get(step.id)!;
  const tries = now.tries[place.item] ?? { ...FIRST, asked: 1 };
  const back = withStep(state, step.id, { inFlight: now.inFlight - 1 });
  if (result.ok) return given({ ...back, calls: state.calls + 1 }, place, result.output ?? NO_OUTPUT);
  if (isStale(result)) return again(back, place, tries);
  const counted = { ...back, calls: state.calls + 1, failedCalls: state.failedCalls + 1 };
  const isFinal = result.permanent === true || FINAL.has(result.code);
  const failures = tries.failures + 1;
  if (!isFinal && failures <= step.retry && state.failure === null)
    return again(counted, place, { ...tries, failures });
  return failed(counted, place, result.message, result.code);
}

/** What is not worth repeating (script.5). */
const FINAL: ReadonlySet<string> = new Set(['denied', 'cancelled', 'budget', 'invalid-args']);

function again(
  state: ScriptState,
  place: Place,
  tries: { readonly asked: number; readonly failures: number },
): Move<ScriptState> {
  const step = stepOf(state, place);
  if (state.failure !== null) return proceed(state, []);
  const known = state.steps.get(step.id)!.tries;
  const { state: next, effects } = callItem(
    withStep(state, step.id, { tries: { ...known, [place.item]: tries } }),
    step,
    place.item,
  );
  return proceed(next, effects);
}

/** A call gave something. */
function given(state: ScriptState, { step: id, item }: Place, output: Output | null): Move<ScriptState> {
  const now = state.steps.get(id)!;
  const results = [...now.results];
  results[item] = output;
  const kept = withStep(state, id, { results });
  const step = kept.script.find((s) => s.id === id)!;
  if (kept.failure !== null) return proceed(kept, []);
  const after = kept.steps.get(id)!;
  if (after.list === null) return complete(kept, step, output ?? NO_OUTPUT);
  const following = nextItem(after.list, after.results, after.begun);
  if (following < after.list.length) {
    const { state: next, effects } = callItem(withStep(kept, id, { begun: following + 1 }), step, following);
    return proceed(next, effects);
  }
  if (after.inFlight > 0 || after.trouble !== null) return proceed(kept, []);
  return complete(kept, step, listOutput(after.results, after.taint));
}

/** A step has all its results: its checks are left (script.7). */
function complete(state: ScriptState, step: ScriptStep, output: Output): Move<ScriptState> {
  const named = { ...state, outputs: { ...state.outputs, [step.id]: output } };
  if (step.check.length === 0) return proceed(withStep(named, step.id, { status: 'done' }), []);
  const { state: next, effects } = checkStep(named, step);
  return proceed(next, effects);
}

function checked(state: ScriptState, place: Place, violations: readonly string[]): Move<ScriptState> {
  const step = stepOf(state, place);
  const back = withStep(state, step.id, { inFlight: 0 });
  if (violations.length === 0) return proceed(withStep(back, step.id, { status: 'done' }), []);
  return failed(back, place, `its output is not as it should be: ${violations.join('; ')}`);
}

/** A person answered an `ask.person` step (script.8). */
function answered(state: ScriptState, place: Place, answer: Json): Move<ScriptState> {
  const step = stepOf(state, place);
  const back = withStep(state, step.id, { inFlight: 0, status: 'running' });
  if (declined(answer)) return failed(back, place, 'a person said no');
  return complete(back, step, { value: { answer }, artifacts: [], taint: [] });
}

/** A failure that stays (script.6). */
function failed(state: ScriptState, place: Place, reason: string, code = ''): Move<ScriptState> {
  const step = stepOf(state, place);
  const isOver = code === 'cancelled' || code === 'budget' || state.failure !== null;
  if (step.onFail === 'skip' && !isOver) return skip(state, step, place);
  if (step.onFail === 'ask' && !isOver && code !== 'denied') {
    const { state: next, effects } = askTrouble(state, step, { item: place.item, reason });
    return proceed(next, effects);
  }
  const where = state.steps.get(step.id)!.list === null ? '' : ` (item ${place.item + 1})`;
  return proceed(withFailure(state, step, `${where} failed: ${reason}`), []);
}

/** The step, or the item of its list, counts as done and gives nothing. */
function skip(state: ScriptState, step: ScriptStep, place: Place): Move<ScriptState> {
  const isItem = state.steps.get(step.id)!.list !== null && (place.kind === 'call' || place.kind === 'trouble');
  return isItem ? given(state, place, null) : complete(state, { ...step, check: [] }, NO_OUTPUT);
}

const withFailure = (state: ScriptState, step: ScriptStep, what: string): ScriptState => ({
  ...state,
  failure: state.failure ?? `the step "${step.title ?? step.id}"${what}`,
});

/** A person says what to do about a failure: retry, skip or fail. */
function settle(state: ScriptState, place: Place, answer: Json): Move<ScriptState> {
  const step = stepOf(state, place);
  const now = state.steps.get(step.id)!;
  const reason = now.trouble?.reason ?? '';
  const back = withStep(state, step.id, { inFlight: now.inFlight - 1, trouble: null, status: 'running' });
  const said = String(answer ?? '')
    .trim()
    .toLowerCase();
  const tries = now.tries[place.item] ?? { ...FIRST, asked: 1 };
  if (said.startsWith('retry')) return again(back, { ...place, kind: 'call' }, { ...tries, failures: 0 });
  if (said.startsWith('skip')) return skip(back, step, place);
  return proceed(withFailure(back, step, ` failed: ${reason}`), []);
}

const stepOf = (state: ScriptState, { step }: Place): ScriptStep => state.script.find((s) => s.id === step)!;

function finish(
  state: ScriptState,
  outcome: 'done' | 'failed',
  reason: string,
  effects: Move<ScriptState>['effects'],
): Move<ScriptState> {
  const own = state.script.flatMap(({ id }) =>
    Object.hasOwn(state.outputs, id) ? [[id, state.outputs[id]!] as const] : [],
  );
  const outputs = outcome === 'done' ? Object.fromEntries(own) : {};
  const result = {
    replans: 0,
    toolsUsed: [],
    failures: [],
    ...(own.length > 0 && { outputs: outputs as unknown as Json }),
  };
  return { state, effects: [...effects, { kind: 'finish', outcome, reason, result }] };
}

/** For people: what a script is about to do, one line a step. */
export const scriptLine = ({ id, do: skill, with: args, each }: ScriptStep): string =>
  `${id}: ${actionText({ skill, args })}${each === undefined ? '' : ` for each ${each.as} of ${each.of}`}`;
