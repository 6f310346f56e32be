import { stepEventSchema, type StepEvent } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/events.js';
import { fromAction, fromFailure, toAction, toFailure } from './action.js';
import { need, parse, parseJson } from './parse.js';
import { fromChange, fromResult, fromState, toChange, toResult, toState } from './state.js';
import { effectWords, outcomeWords } from './words.js';

type Body = NonNullable<pb.StepEvent['event']>;

function toOpened({ owner, ...event }: Extract<StepEvent, { type: 'opened' }>): pb.StepOpened {
  return { ...event, state: toState(event.state), suggested: event.suggested.map(toAction), avoid: event.avoid.map(toFailure), ...(owner === null ? {} : { owner }) };
}

function toBody(event: StepEvent): Body {
  switch (event.type) {
    case 'opened':
      return { $case: 'opened', value: toOpened(event) };
    case 'proposed':
      return { $case: 'proposed', value: { id: event.id, candidatesJson: event.candidates.map((c) => JSON.stringify(c)), note: event.note } };
    case 'decided':
      return { $case: 'decided', value: { ...event, action: toAction(event.action) } };
    case 'tried':
      return { $case: 'tried', value: { ...event, effect: effectWords.to(event.effect) } };
    case 'observed':
      return { $case: 'observed', value: { ...event, result: toResult(event.result), change: toChange(event.change) } };
    case 'simulated':
      return { $case: 'simulated', value: { id: event.id, change: event.change === null ? undefined : toChange(event.change) } };
    case 'restored':
      return { $case: 'restored', value: { id: event.id, state: toState(event.state) } };
    case 'answered':
      return { $case: 'answered', value: { id: event.id, answerJson: JSON.stringify(event.answer) } };
    case 'ended':
      return { $case: 'ended', value: { outcome: outcomeWords.to(event.outcome), reason: event.reason, resultJson: JSON.stringify(event.result) } };
    default:
      return toPlainBody(event);
  }
}

function toPlainBody(event: Extract<StepEvent, { type: 'scored' | 'verified' | 'checkpointed' | 'elapsed' }>): Body {
  switch (event.type) {
    case 'scored':
      return { $case: 'scored', value: event };
    case 'verified':
      return { $case: 'verified', value: event };
    case 'checkpointed':
      return { $case: 'checkpointed', value: event };
    case 'elapsed':
      return { $case: 'elapsed', value: event };
  }
}

function fromOpened(message: pb.StepOpened): object {
  return {
    ...message,
    owner: message.owner ?? null,
    state: fromState(need('opened.state', message.state)),
    limits: need('opened.limits', message.limits),
    suggested: message.suggested.map(fromAction),
    avoid: message.avoid.map(fromFailure),
  };
}

/** The fields of an event, in core's words; whether they make one is for core's schema to say. */
function fromBody(body: Body): object {
  switch (body.$case) {
    case 'opened':
      return fromOpened(body.value);
    case 'proposed':
      return { ...body.value, candidates: body.value.candidatesJson.map((text) => parseJson('proposed.candidates', text)) };
    case 'decided':
      return { ...body.value, action: fromAction(need('decided.action', body.value.action)) };
    case 'tried':
      return { ...body.value, effect: effectWords.from('tried.effect', body.value.effect) };
    case 'observed':
      return { ...body.value, result: fromResult(need('observed.result', body.value.result)), change: fromChange(need('observed.change', body.value.change)) };
    case 'simulated':
      return { id: body.value.id, change: body.value.change ? fromChange(body.value.change) : null };
    case 'restored':
      return { id: body.value.id, state: fromState(need('restored.state', body.value.state)) };
    case 'answered':
      return { id: body.value.id, answer: parseJson('answered.answer', body.value.answerJson) };
    case 'ended':
      return { reason: body.value.reason, outcome: outcomeWords.from('ended.outcome', body.value.outcome), result: parseJson('ended.result', body.value.resultJson) };
    default:
      return body.value;
  }
}

/** A subgoal's or planning's event for the wire. */
export function toStepEvent(event: StepEvent): pb.StepEvent {
  return { event: toBody(event) };
}

/** A subgoal's or planning's event from the wire. */
export function fromStepEvent(message: pb.StepEvent): StepEvent {
  const body = need('step.event', message.event);
  return parse(body.$case, stepEventSchema, { ...fromBody(body), type: body.$case });
}
