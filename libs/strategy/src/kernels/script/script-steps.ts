import { PraxisError, digest, type Effect, type Json, type Output, type Outputs, type ScriptStep } from '@praxis/core';
import { evaluate, referencesIn, resolveArgs, resolveCheck, resolveValue, scopeOf, taintOf } from '@praxis/expressions';
import {
  FIRST,
  NO_OUTPUT,
  callKey,
  effectId,
  listOutput,
  nextItem,
  withStep,
  type ScriptState,
} from './script-state.js';

/** A step that was begun, and what it asks for. */
export interface Begun {
  readonly state: ScriptState;
  readonly effects: readonly Effect[];
}

/** The skill that is a question to a person. */
export const ASK_PERSON = 'ask.person';

/** Begins a step (script.1): it may be skipped, fail, end at once, or ask for calls. */
export function startStep(state: ScriptState, step: ScriptStep): Begun {
  const wanted = isWanted(state, step);
  if (typeof wanted === 'string') return fails(state, step, wanted);
  if (!wanted) return ends(state, step, NO_OUTPUT);
  if (step.each !== undefined) return startEach(state, step, step.each);
  if (step.do === ASK_PERSON) return ask(state, step);
  return callItem(withStep(state, step.id, { status: 'running', begun: 1 }), step, 0);
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

function startEach(
  state: ScriptState,
  step: ScriptStep,
  { of, parallel, most }: NonNullable<ScriptStep['each']>,
): Begun {
  const resolved = resolveValue(of, state.outputs);
  if ('missing' in resolved) return fails(state, step, resolved.missing);
  const list = resolved.value;
  if (!Array.isArray(list)) return fails(state, step, `\`each.of\` is no list: ${of} is ${kindOf(list)}`);
  if (list.length > most)
    return fails(state, step, `the list has ${list.length} items, and \`each.most\` allows ${most}`);
  if (list.length === 0) return ends(state, step, { value: [], artifacts: [], taint: [...resolved.taint] });
  const running = withStep(state, step.id, { status: 'running', list, taint: resolved.taint });
  const results = givenEarlier(running, step, list);
  if (nextItem(list, results, 0) === list.length) return completed(running, step, listOutput(results, resolved.taint));
  let next = withStep(running, step.id, { results });
  const effects: Effect[] = [];
  for (let nth = 0; nth < parallel && next.failure === null; nth++) {
    const item = nextItem(list, results, next.steps.get(step.id)!.begun);
    if (item === list.length) break;
    const call = callItem(withStep(next, step.id, { begun: item + 1 }), step, item);
    next = call.state;
    effects.push(...call.effects);
  }
  return { state: next, effects };
}

/** What an earlier subgoal has of the results, each where its call would be the same again. */
function givenEarlier(state: ScriptState, step: ScriptStep, list: readonly Json[]): readonly Output[] {
  const { earlier } = state.opened;
  const results: Output[] = [];
  if (earlier === undefined) return results;
  for (const item of list.keys()) {
    const resolved = resolveArgs(step.with, scopeFor(state, step, item));
    if ('missing' in resolved) continue;
    const key = callKey(step.id, item, { skill: step.do, args: { ...resolved.args } });
    if (Object.hasOwn(earlier, key)) results[item] = earlier[key]!;
  }
  return results;
}

/** All results are there: the checks are left. */
function completed(state: ScriptState, step: ScriptStep, output: Output): Begun {
  if (step.check.length === 0) return ends(state, step, output);
  return checkStep({ ...state, outputs: { ...state.outputs, [step.id]: output } }, step);
}

const kindOf = (value: Json): string =>
  value === null ? 'null' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;

/** Asks for a call of a step, for one item of its list (script.2). */
export function callItem(state: ScriptState, step: ScriptStep, item: number): Begun {
  const now = state.steps.get(step.id)!;
  const resolved = resolveArgs(step.with, scopeFor(state, step, item));
  if ('missing' in resolved) return fails(state, step, resolved.missing);
  if (state.calls >= state.opened.limits.steps)
    return fails(state, step, `the ${state.opened.limits.steps} steps that were left are spent`);
  const tries = now.tries[item] ?? FIRST;
  const repeated = tries.asked === 0 ? {} : { tries: { ...now.tries, [item]: { ...tries, asked: tries.asked + 1 } } };
  const of = now.list === null ? '' : ` (${item + 1} of ${now.list.length})`;
  const effect: Effect = {
    kind: 'execute',
    id: effectId('e', step.id, item, tries.asked),
    action: { skill: step.do, args: { ...resolved.args } },
    why: `${step.title ?? step.id}${of}`,
    origin: 'suggested',
    taint: resolved.taint,
    as: step.id,
    ...(step.ensures && { ensures: step.ensures }),
  };
  return { state: withStep(state, step.id, { ...repeated, inFlight: now.inFlight + 1 }), effects: [effect] };
}

/** The outputs that a call refers to, with its item. */
function scopeFor({ outputs, steps }: ScriptState, { id, each }: ScriptStep, item: number): Outputs {
  const { list, taint } = steps.get(id)!;
  if (each === undefined || list === null) return outputs;
  const of: Output = { value: list[item] ?? null, artifacts: [], taint: [...taint] };
  return { ...outputs, [each.as]: of };
}

/** Verifies the checks of a step, with texts filled in and the outputs that they refer to (script.7). */
export function checkStep(state: ScriptState, step: ScriptStep): Begun {
  const checks: Record<string, Json> = {};
  const needed: Record<string, Output> = {};
  for (const [i, check] of step.check.entries()) {
    const resolved = resolveCheck(check, state.outputs);
    if ('missing' in resolved) return fails(state, step, resolved.missing);
    checks[`${step.id}-${i + 1}`] = resolved.check as unknown as Json;
    Object.assign(needed, resolved.outputs);
  }
  const atoms = Object.keys(checks).map((name) => `(check ${name})`);
  const effect: Effect = {
    kind: 'verify',
    id: effectId('v', step.id, 0, state.calls),
    by: 'world',
    candidate: atoms.length === 1 ? atoms[0]! : `(and ${atoms.join(' ')})`,
    context: { checks, outputs: needed as unknown as Json },
  };
  return { state: withStep(state, step.id, { status: 'checking', inFlight: 1 }), effects: [effect] };
}

/** Asks a person (script.8). */
function ask(state: ScriptState, step: ScriptStep): Begun {
  const resolved = resolveArgs(step.with, state.outputs);
  if ('missing' in resolved) return fails(state, step, resolved.missing);
  const { question, choices, show } = resolved.args as Partial<Record<'question' | 'choices' | 'show', Json>>;
  if (typeof question !== 'string' || question.trim() === '')
    return fails(state, step, '`question` is missing; say what the person is asked');
  const named = referencesIn(step.with);
  const bound = digest({ args: resolved.args, of: named.map((name) => state.outputs[name]?.value ?? null) });
  const texts = [question.trim(), ...listed('Choices', choices), ...listed('See', show)];
  const taint = taintOf(state.outputs, named);
  if (taint.length > 0) texts.push(`(parts of this come from ${taint.join(', ')})`);
  const effect: Effect = {
    kind: 'ask',
    id: effectId('q', step.id, 0, bound.slice(0, 12)),
    to: '',
    question: texts.join(' '),
  };
  return { state: withStep(state, step.id, { status: 'asking', inFlight: 1 }), effects: [effect] };
}

const listed = (head: string, items: Json | undefined): readonly string[] =>
  Array.isArray(items) && items.length > 0 ? [`${head}: ${items.map((i) => String(i)).join(', ')}.`] : [];

/** Asks a person what to do about a failure (script.6). */
export function askTrouble(
  state: ScriptState,
  step: ScriptStep,
  trouble: { readonly item: number; readonly reason: string },
): Begun {
  const now = state.steps.get(step.id)!;
  const where = now.list === null ? '' : `, item ${trouble.item + 1} of ${now.list.length},`;
  const tries = now.tries[trouble.item] ?? { asked: 1, failures: 1 };
  const effect: Effect = {
    kind: 'ask',
    id: effectId('t', step.id, trouble.item, tries.asked),
    to: '',
    question: `The step "${step.title ?? step.id}"${where} failed: ${trouble.reason} Answer retry, skip or fail.`,
  };
  const tried = { ...now.tries, [trouble.item]: tries };
  return { state: withStep(state, step.id, { trouble, tries: tried, inFlight: now.inFlight + 1 }), effects: [effect] };
}

/** Whether an answer means no; nobody's answer does too. */
export const declined = (answer: Json): boolean =>
  answer === null || answer === false || /^(no?|false|reject|declined?|cancel)\b/i.test(String(answer).trim());

function ends(state: ScriptState, step: ScriptStep, output: Output): Begun {
  const named = { ...state, outputs: { ...state.outputs, [step.id]: output } };
  return { state: withStep(named, step.id, { status: 'done' }), effects: [] };
}

/** A step that cannot even begin fails, or counts as skipped where it may. */
function fails(state: ScriptState, step: ScriptStep, reason: string): Begun {
  if (step.onFail === 'skip') return ends(state, step, NO_OUTPUT);
  return {
    state: { ...state, failure: state.failure ?? `the step "${step.title ?? step.id}" failed: ${reason}` },
    effects: [],
  };
}
