import { digest, isNo, isSameWord, type Effect, type Json, type ScriptStep } from '@praxis/core';
import { referencesIn, resolveArgs, taintOf } from '@praxis/expressions';
import { failStep, TROUBLE_CHOICES } from './script-failures.js';
import { effectId, taintWith, withStep, type Moved, type ScriptState } from './script-state.js';

/** As often as this a person is asked again whose answer is none of the choices. */
const MOST_ROUNDS = 20;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Asks a person (script.8); `note` is said before the question. */
export function askPerson(state: ScriptState, step: ScriptStep, note = ''): Moved {
  const { round } = state.steps.get(step.id)!;
  const resolved = resolveArgs(step.with, state.outputs);
  if ('missing' in resolved) return failStep(state, step, { reason: resolved.missing });
  const { question, show, expires } = resolved.args as Partial<Record<'question' | 'show' | 'expires', Json>>;
  if (typeof question !== 'string' || question.trim() === '')
    return failStep(state, step, { reason: '`question` is missing; say what the person is asked' });
  const expiresMs = expires === undefined ? null : milliseconds(expires);
  if (expiresMs === undefined)
    return failStep(state, step, { reason: '`expires` must be a time such as 30m, 24h or 7d' });
  const choices = choicesOf(resolved.args['choices']);
  const named = referencesIn(step.with);
  const bound = digest({ args: resolved.args, of: named.map((name) => state.outputs[name]?.value ?? null) });
  const effect: Effect = {
    kind: 'ask',
    id: effectId('q', step.id, round, bound.slice(0, 12)),
    to: '',
    question: [note, question.trim(), ...see(show)].filter((text) => text !== '').join(' '),
    ...(choices.length > 0 && { choices }),
    ...(expiresMs !== null && { expiresMs }),
    taint: taintWith(taintOf(state.outputs, named), step),
  };
  return { state: withStep(state, step.id, { status: 'asking', inFlight: 1 }), effects: [effect] };
}

/** A person's answer: what was chosen, a no, or null where it is none of the choices (script.8). */
export function readAnswer(
  state: ScriptState,
  step: ScriptStep,
  answer: Json,
): { readonly said: Json } | 'declined' | null {
  if (isNo(answer)) return 'declined';
  const resolved = resolveArgs(step.with, state.outputs);
  const choices = 'missing' in resolved ? [] : choicesOf(resolved.args['choices']);
  if (choices.length === 0) return { said: answer };
  const chosen = choices.find((choice) => isSameWord(choice, answer));
  if (chosen !== undefined) return { said: chosen };
  return state.steps.get(step.id)!.round >= MOST_ROUNDS ? 'declined' : null;
}

/** What a person said about a failure: no clear word is a no. */
export const readTrouble = (answer: Json): 'retry' | 'skip' | 'fail' =>
  TROUBLE_CHOICES.find((word) =>
    String(answer ?? '')
      .trim()
      .toLowerCase()
      .startsWith(word),
  ) ?? 'fail';

const choicesOf = (choices: Json | undefined): readonly string[] =>
  Array.isArray(choices) ? choices.map((choice) => String(choice)) : [];

const see = (files: Json | undefined): readonly string[] =>
  Array.isArray(files) && files.length > 0 ? [`See: ${files.map((file) => String(file)).join(', ')}.`] : [];

/** A time such as `24h`; undefined where it is none. */
function milliseconds(time: Json): number | undefined {
  const found = /^(\d{1,9})(ms|s|m|h|d)$/.exec(String(time));
  return found === null || Number(found[1]) === 0 ? undefined : Number(found[1]) * UNITS[found[2]!]!;
}
