import { draftText, type Effect, type Failure, type ScriptStep } from '@praxis/core';
import { withResult } from './results.js';
import { FIRST, FRESH, NO_OUTPUT, effectId, titleOf, withStep, type Moved, type ScriptState } from './script-state.js';

/** Why something failed; `code` and `cause` where an action said it. */
export interface Reason {
  readonly reason: string;
  readonly code?: string;
  readonly cause?: Failure | null | undefined;
}

/** What a person can say about a failure (script.6). */
export const TROUBLE_CHOICES = ['retry', 'skip', 'fail'] as const;

/** What leads to the end of the script whatever a step says: there is nothing left to go on with. */
const OVER: ReadonlySet<string> = new Set(['cancelled', 'budget']);

/** What nobody is asked about: somebody has said it already. */
const DENIED = 'denied';

/** A failure of one item's call that stays (script.6). */
export function failItem(
  state: ScriptState,
  step: ScriptStep,
  item: number,
  { reason, code = '', cause }: Reason,
): Moved {
  const now = state.steps.get(step.id)!;
  const isOver = OVER.has(code) || state.failure !== null;
  if (step.onFail === 'skip' && !isOver) return { state: skipItem(state, step, item), effects: [] };
  const where = now.list === null ? '' : ` (item ${item + 1})`;
  if (step.onFail !== 'ask' || isOver || code === DENIED) return fail(state, step, where, { reason, code, cause });
  const of = now.list === null ? '' : `, item ${item + 1} of ${now.list.length},`;
  const tries = now.tries[item] ?? { ...FIRST, asked: 1 };
  const question = troubleQuestion(effectId('t', step.id, item, nthCall(now.round, tries.asked)), step, of, reason);
  const asking = {
    troubles: { ...now.troubles, [item]: reason },
    tries: { ...now.tries, [item]: tries },
    inFlight: now.inFlight + 1,
  };
  return { state: withStep(state, step.id, asking), effects: [question] };
}

/** A failure of a step as a whole that stays: of its list, its condition, its question or its checks (script.6). */
export function failStep(state: ScriptState, step: ScriptStep, { reason, code = '' }: Reason): Moved {
  const isOver = OVER.has(code) || state.failure !== null;
  if (step.onFail === 'skip' && !isOver) return { state: skipStep(state, step), effects: [] };
  if (step.onFail !== 'ask' || isOver || code === DENIED) return fail(state, step, '', { reason, code });
  const { round } = state.steps.get(step.id)!;
  const question = troubleQuestion(effectId('w', step.id, 0, round), step, '', reason);
  const asking = withStep(state, step.id, { status: 'asking', troubles: { 0: reason }, inFlight: 1 });
  return { state: asking, effects: [question] };
}

function fail(state: ScriptState, step: ScriptStep, where: string, { reason, code = '', cause }: Reason): Moved {
  if (state.failure !== null) return { state, effects: [] };
  const failure = `the step ${titleOf(step)}${where} failed: ${reason}`;
  const isTold = cause === undefined && !OVER.has(code);
  const own = isTold ? stepFailure(step, { reason, code }) : (cause ?? null);
  return { state: { ...state, failure, cause: own }, effects: [] };
}

/** What the run remembers of a step that failed although no call of it did: a person said no, or it cannot be called. */
function stepFailure(step: ScriptStep, { reason, code }: Reason): Failure {
  return { action: draftText(step), code: code === DENIED ? DENIED : 'invalid-args', facts: [], reason };
}

const troubleQuestion = (id: string, step: ScriptStep, of: string, reason: string): Effect => ({
  kind: 'ask',
  id,
  to: '',
  question: `The step ${titleOf(step)}${of} failed: ${reason}`,
  choices: TROUBLE_CHOICES,
});

/** The number of a call of an item, which no other call of it has in the subgoal. */
export const nthCall = (round: number, asked: number): string => (round === 0 ? `${asked}` : `${round}.${asked}`);

/** The item counts as done and gives nothing; so does a step that is no list. */
export function skipItem(state: ScriptState, step: ScriptStep, item: number): ScriptState {
  const { results, list } = state.steps.get(step.id)!;
  if (list === null) return skipStep(state, step);
  return withoutItem(withStep(state, step.id, { results: withResult(results, item, null) }), step, item);
}

/** The same state with nothing left to be remembered about an item that is settled. */
export function withoutItem(state: ScriptState, step: ScriptStep, item: number): ScriptState {
  const { tries, troubles } = state.steps.get(step.id)!;
  if (tries[item] === undefined && troubles[item] === undefined) return state;
  const { [item]: _tries, ...otherTries } = tries;
  const { [item]: _trouble, ...otherTroubles } = troubles;
  return withStep(state, step.id, { tries: otherTries, troubles: otherTroubles });
}

/** The step counts as done and gives nothing. */
export function skipStep(state: ScriptState, step: ScriptStep): ScriptState {
  const named = { ...state, outputs: { ...state.outputs, [step.id]: NO_OUTPUT } };
  return withStep(named, step.id, { status: 'done' });
}

/** The step begins anew, with all its calls. */
export function restartStep(state: ScriptState, step: ScriptStep): ScriptState {
  const { round } = state.steps.get(step.id)!;
  return withStep(state, step.id, { ...FRESH, status: 'waiting', round: round + 1 });
}
