import { PraxisError, type Effect, type Json, type Output, type ScriptStep } from '@praxis/core';
import { evaluate, resolveArgs, resolveCheck, resolveValue, scopeOf } from '@praxis/expressions';
import { withResult } from './results.js';
import { failItem, failStep, nthCall, skipStep } from './script-failures.js';
import {
  FIRST,
  callKey,
  countOf,
  effectId,
  openItem,
  outputOf,
  scopeFor,
  taintWith,
  withStep,
  type Moved,
  type ScriptState,
  type StepState,
} from './script-state.js';

/** Begins a step whose turn it is: its list is made, and what earlier subgoals gave is taken over (script.3, script.4). */
export function startStep(state: ScriptState, step: ScriptStep): Moved {
  const wanted = isWanted(state, step);
  if (typeof wanted === 'string') return failStep(state, step, { reason: wanted });
  if (!wanted) return { state: skipStep(state, step), effects: [] };
  if (step.each === undefined) return { state: withStep(state, step.id, { status: 'running' }), effects: [] };
  const { of, most } = step.each;
  const resolved = resolveValue(of, state.outputs);
  if ('missing' in resolved) return failStep(state, step, { reason: resolved.missing });
  const { value: list, taint } = resolved;
  if (!Array.isArray(list))
    return failStep(state, step, { reason: `\`each.of\` is no list: ${of} is ${kindOf(list)}${listsIn(list)}` });
  const limit = typeof most === 'number' ? { value: most } : resolveValue(most, state.outputs);
  if ('missing' in limit) return failStep(state, step, { reason: limit.missing });
  if (typeof limit.value !== 'number')
    return failStep(state, step, { reason: `\`each.most\` is no number: ${most} is ${kindOf(limit.value)}` });
  if (list.length > limit.value) {
    const reason = `the list has ${list.length} items, and \`each.most\` allows ${limit.value}`;
    return failStep(state, step, { reason });
  }
  const begun = takeOver(withStep(state, step.id, { status: 'running', list, taint }), step);
  const open = list.length - begun.steps.get(step.id)!.results.settled;
  const left = state.opened.limits.steps - state.calls;
  if (open <= left) return { state: begun, effects: [] };
  const reason = `the list has ${open} items left to do, and the run has ${left} steps left; allow it more`;
  return failStep(begun, step, { reason, code: 'budget' });
}

/** Whether its `when` is true; a text says why it cannot be told (script.3). */
function isWanted({ outputs }: ScriptState, { when }: ScriptStep): boolean | string {
  if (when === undefined) return true;
  try {
    const value = evaluate(when, scopeOf(outputs));
    return typeof value === 'boolean'
      ? value
      : `\`when\` gives ${JSON.stringify(value)}, which is neither true nor false`;
  } catch (error) {
    return PraxisError.from(error).message;
  }
}

const kindOf = (value: Json): string =>
  value === null ? 'null' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;

/** The lists in an object, where the object was taken for one of them. */
function listsIn(value: Json): string {
  if (value === null || typeof value !== 'object') return '';
  const lists = Object.entries(value).flatMap(([name, inner]) => (Array.isArray(inner) ? [name] : []));
  return lists.length === 0 ? '' : `; there is a list in it: ${lists.join(', ')}`;
}

/** Takes over what an earlier subgoal has of the results, each where its call would be the same again (script.4). */
function takeOver(state: ScriptState, step: ScriptStep): ScriptState {
  const { earlier } = state.opened;
  const now = state.steps.get(step.id)!;
  if (earlier === undefined || now.round > 0) return state;
  let { results } = now;
  for (let item = 0; item < countOf(now); item++) {
    const resolved = resolveArgs(step.with, scopeFor(state, step, item));
    if ('missing' in resolved) continue;
    const key = callKey(step.id, item, { skill: step.do, args: { ...resolved.args } });
    if (Object.hasOwn(earlier, key)) results = withResult(results, item, earlier[key]!);
  }
  return withStep(state, step.id, { results });
}

/** Asks for as many calls of a step as may be under way (script.4); a call that cannot be made is a failure of its item. */
export function fillCalls(before: ScriptState, step: ScriptStep): Moved {
  let state = before;
  const effects: Effect[] = [];
  const parallel = step.each?.parallel ?? 1;
  while (state.failure === null && state.steps.get(step.id)!.inFlight < parallel) {
    const picked = pickItem(state.steps.get(step.id)!, step.ensures !== undefined);
    if (picked === null) break;
    const { item, isLast, change } = picked;
    const called = callItem(withStep(state, step.id, change), step, item, isLast);
    state = called.state;
    effects.push(...called.effects);
  }
  return { state, effects };
}

interface Picked {
  readonly item: number;
  /** All others have given something. */
  readonly isLast: boolean;
  readonly change: Partial<StepState>;
}

/** The item to be called next; null where there is none, or where the last one has to wait for the others (script.9). */
function pickItem(now: StepState, isLastAlone: boolean): Picked | null {
  const [again, ...others] = now.again;
  const item = again ?? openItem(now, now.next);
  const count = countOf(now);
  if (item >= count) return null;
  const next = again === undefined ? item + 1 : now.next;
  const isOnlyOne = others.length === 0 && openItem(now, next) >= count;
  if (isLastAlone && isOnlyOne && now.inFlight > 0) return null;
  return { item, isLast: now.results.settled === count - 1, change: { next, again: others } };
}

/** Asks for a call for one item (script.2). */
function callItem(state: ScriptState, step: ScriptStep, item: number, isLast: boolean): Moved {
  const now = state.steps.get(step.id)!;
  const tries = now.tries[item] ?? FIRST;
  const counted = withStep(state, step.id, {
    tries: { ...now.tries, [item]: { ...tries, asked: tries.asked + 1 } },
  });
  const resolved = resolveArgs(step.with, scopeFor(state, step, item));
  if ('missing' in resolved) return failItem(counted, step, item, { reason: resolved.missing });
  if (state.calls >= state.opened.limits.steps) {
    const reason = `the ${state.opened.limits.steps} steps that were left are spent`;
    return failItem(counted, step, item, { reason, code: 'budget' });
  }
  const of = now.list === null ? '' : ` (${item + 1} of ${now.list.length})`;
  const effect: Effect = {
    kind: 'execute',
    id: effectId('e', step.id, item, nthCall(now.round, tries.asked)),
    action: { skill: step.do, args: { ...resolved.args } },
    why: `${step.title ?? step.id}${of}`,
    origin: 'suggested',
    taint: taintWith(resolved.taint, step),
    as: step.id,
    ...(isLast && step.ensures && { ensures: step.ensures }),
  };
  return { state: withStep(counted, step.id, { inFlight: now.inFlight + 1 }), effects: [effect] };
}

/** A step has all its results: it is done when its checks pass (script.7). */
export function completeStep(state: ScriptState, step: ScriptStep, output = outputOf(state, step)): Moved {
  const named = { ...state, outputs: { ...state.outputs, [step.id]: output } };
  if (step.check.length === 0) return { state: withStep(named, step.id, { status: 'done' }), effects: [] };
  const checks: Record<string, Json> = {};
  const needed: Record<string, Output> = {};
  for (const [i, check] of step.check.entries()) {
    const resolved = resolveCheck(check, named.outputs);
    if ('missing' in resolved) return failStep(named, step, { reason: resolved.missing });
    checks[`${step.id}-${i + 1}`] = resolved.check as unknown as Json;
    Object.assign(needed, resolved.outputs);
  }
  const atoms = Object.keys(checks).map((name) => `(check ${name})`);
  const { round } = state.steps.get(step.id)!;
  const effect: Effect = {
    kind: 'verify',
    id: effectId('v', step.id, 0, nthCall(round, state.calls)),
    by: 'world',
    candidate: atoms.length === 1 ? atoms[0]! : `(and ${atoms.join(' ')})`,
    context: { checks, outputs: needed as unknown as Json },
  };
  return { state: withStep(named, step.id, { status: 'checking', inFlight: 1 }), effects: [effect] };
}
