import { runEventSchema, type RunEvent } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/events.js';
import { fromFailure, toFailure } from './action.js';
import { fromGoal, toGoal } from './goal.js';
import { need, parse } from './parse.js';
import { fromPlan, fromPlanDiff, toPlan, toPlanDiff } from './plan.js';
import { fromTool, toTool } from './tool.js';
import { outcomeWords, planReasonWords } from './words.js';

type Body = NonNullable<pb.RunEvent['event']>;

function toBody(event: RunEvent): Body {
  switch (event.type) {
    case 'accepted':
      return { $case: 'accepted', value: { goal: toGoal(event.goal) } };
    case 'opened':
      return { $case: 'opened', value: { ...event, tools: event.tools.map(toTool) } };
    case 'planned':
      return { $case: 'planned', value: { ...event, plan: toPlan(event.plan), diff: toPlanDiff(event.diff), reason: planReasonWords.to(event.reason) } };
    case 'dispatched':
      return { $case: 'dispatched', value: event };
    case 'settled':
      return { $case: 'settled', value: { ...event, outcome: outcomeWords.to(event.outcome), failures: event.failures.map(toFailure) } };
    case 'checked':
      return { $case: 'checked', value: event };
    case 'cancelling':
      return { $case: 'cancelling', value: event };
    case 'ended':
      return { $case: 'ended', value: { reason: event.reason, outcome: outcomeWords.to(event.outcome) } };
  }
}

/** The fields of an event, in core's words; whether they make one is for core's schema to say. */
function fromBody(body: Body): object {
  switch (body.$case) {
    case 'accepted':
      return { goal: fromGoal(need('accepted.goal', body.value.goal)) };
    case 'opened':
      return { ...body.value, tools: body.value.tools.map(fromTool) };
    case 'planned':
      return {
        plan: fromPlan(need('planned.plan', body.value.plan)),
        diff: fromPlanDiff(need('planned.diff', body.value.diff)),
        reason: planReasonWords.from('planned.reason', body.value.reason),
        evaluated: body.value.evaluated,
      };
    case 'settled':
      return { ...body.value, outcome: outcomeWords.from('settled.outcome', body.value.outcome), failures: body.value.failures.map(fromFailure) };
    case 'ended':
      return { reason: body.value.reason, outcome: outcomeWords.from('ended.outcome', body.value.outcome) };
    case 'dispatched':
    case 'checked':
    case 'cancelling':
      return body.value;
  }
}

/** A run's event for the wire. */
export function toRunEvent(event: RunEvent): pb.RunEvent {
  return { event: toBody(event) };
}

/** A run's event from the wire. */
export function fromRunEvent(message: pb.RunEvent): RunEvent {
  const body = need('run.event', message.event);
  return parse(body.$case, runEventSchema, { ...fromBody(body), type: body.$case });
}
