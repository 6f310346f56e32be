import { stepEventSchema, type StepEvent } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/step_event.js';
import { present } from './absent.js';
import { fromAction, fromFailure, toAction, toFailure } from './action.js';
import { fromOutputs, toOutputs } from './output.js';
import { fromAllowance, toAllowance } from './cost.js';
import { byTable, same } from './event-table.js';
import { need, parse, parseJson } from './parse.js';
import { fromAnswer, fromQuestion, toAnswer, toQuestion } from './question.js';
import { fromChange, fromResult, fromState, toChange, toResult, toState } from './state.js';
import { effectCodec, failureCodec, outcomeCodec } from './enum-codecs.js';

/** What an answer cost and who gave it, or why nobody did. */
type Source = Pick<Extract<StepEvent, { type: 'proposed' }>, 'spent' | 'call' | 'refused'>;
const source = ({ spent, call, refused }: Source) => ({ spent, call, ...present({ refused }) });

const table = byTable<StepEvent, NonNullable<pb.StepEvent['event']>>({
  opened: {
    to: ({ owner, snapshots, heard = [], inputs, earlier, ...event }) => ({
      ...event,
      heard,
      inputs: toOutputs(inputs),
      earlier: toOutputs(earlier),
      checks: event.checks,
      script: event.script,
      noSnapshots: snapshots === false,
      state: toState(event.state),
      allowance: toAllowance(event.allowance),
      suggested: event.suggested.map(toAction),
      avoid: event.avoid.map(toFailure),
      ...present({ owner }),
    }),
    from: ({ noSnapshots, heard, inputs, earlier, ...value }) => ({
      ...value,
      inputs: fromOutputs('opened.inputs', inputs),
      earlier: fromOutputs('opened.earlier', earlier),
      ...(noSnapshots && { snapshots: false }),
      ...(heard.length > 0 && { heard }),
      owner: value.owner ?? null,
      state: fromState(need('opened.state', value.state)),
      limits: need('opened.limits', value.limits),
      allowance: fromAllowance('opened.allowance', value.allowance),
      suggested: value.suggested.map(fromAction),
      avoid: value.avoid.map(fromFailure),
    }),
  },
  proposed: {
    to: (event) => ({
      id: event.id,
      candidatesJson: event.candidates.map((c) => JSON.stringify(c)),
      note: event.note,
      ...source(event),
    }),
    from: (value) => ({
      ...value,
      candidates: value.candidatesJson.map((text) => parseJson('proposed.candidates', text)),
    }),
  },
  scored: {
    to: (event) => ({ id: event.id, scores: event.scores, ...source(event) }),
    from: (value) => value,
  },
  verified: {
    to: (event) => ({ id: event.id, violations: event.violations, ...source(event) }),
    from: (value) => value,
  },
  decided: {
    to: ({ key, as, ensures = [], ...event }) => ({
      ...event,
      ensures,
      action: toAction(event.action),
      ...present({ key, as }),
    }),
    from: ({ ensures, ...value }) => ({
      ...value,
      ...(ensures.length > 0 && { ensures }),
      action: fromAction(need('decided.action', value.action)),
    }),
  },
  asked: {
    to: ({ id, question }) => ({ id, question: toQuestion(question) }),
    from: ({ id, question }) => ({ id, question: fromQuestion(need('asked.question', question)) }),
  },
  parked: {
    to: ({ questions, until }) => ({ questions, ...present({ untilMs: until }) }),
    from: ({ questions, untilMs }) => ({ questions, until: untilMs }),
  },
  postponed: {
    to: ({ id, step, attempt, until, code, message, doubts, retries }) => ({
      id,
      step,
      attempt,
      untilMs: until,
      code: failureCodec.to(code),
      message,
      ...present({ doubts, retries }),
    }),
    from: ({ untilMs, code, ...value }) => ({
      ...value,
      until: untilMs,
      code: failureCodec.from('postponed.code', code),
    }),
  },
  blocked: same,
  replied: {
    to: ({ id, question, answer }) => ({ id, question, answer: toAnswer(answer) }),
    from: ({ id, question, answer }) => ({ id, question, answer: fromAnswer(need('replied.answer', answer)) }),
  },
  tried: {
    to: (event) => ({ ...event, effect: effectCodec.to(event.effect) }),
    from: (value) => ({ ...value, effect: effectCodec.from('tried.effect', value.effect) }),
  },
  observed: {
    to: ({ id, step, result, change, others, spent, answeredBy }) => ({
      id,
      step,
      result: toResult(result),
      change: toChange(change),
      others: others && toChange(others),
      spent,
      ...present({ answeredBy }),
    }),
    from: ({ others, ...value }) => ({
      ...value,
      result: fromResult(need('observed.result', value.result)),
      change: fromChange(need('observed.change', value.change)),
      ...(others && { others: fromChange(others) }),
    }),
  },
  simulated: {
    to: ({ id, change }) => ({ id, change: change === null ? undefined : toChange(change) }),
    from: ({ id, change }) => ({ id, change: change ? fromChange(change) : null }),
  },
  checkpointed: same,
  restored: {
    to: ({ id, state }) => ({ id, state: toState(state) }),
    from: ({ id, state }) => ({ id, state: fromState(need('restored.state', state)) }),
  },
  answered: {
    to: ({ id, answer }) => ({ id, answerJson: JSON.stringify(answer) }),
    from: ({ id, answerJson }) => ({ id, answer: parseJson('answered.answer', answerJson) }),
  },
  elapsed: same,
  wasted: {
    to: (event) => event,
    from: ({ id, spent }) => ({ id, spent: need('wasted.spent', spent) }),
  },
  ended: {
    to: ({ outcome, reason, result }) => ({
      outcome: outcomeCodec.to(outcome),
      reason,
      resultJson: JSON.stringify(result),
    }),
    from: ({ outcome, reason, resultJson }) => ({
      outcome: outcomeCodec.from('ended.outcome', outcome),
      reason,
      result: parseJson('ended.result', resultJson),
    }),
  },
});

/** A subgoal's or planning's event for the wire. */
export function toStepEvent(event: StepEvent): pb.StepEvent {
  return { event: table.to(event) };
}

/** A subgoal's or planning's event from the wire. */
export function fromStepEvent(message: pb.StepEvent): StepEvent {
  const body = need('step.event', message.event);
  return parse(body.$case, stepEventSchema, table.from(body));
}
