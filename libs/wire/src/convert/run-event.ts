import { runEventSchema, type ForkOverrides, type RunEvent } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/run_event.js';
import { Outcome } from '../gen/praxis/v1/types.js';
import { present } from './absent.js';
import { fromAction, fromFailure, toAction, toFailure } from './action.js';
import { fromOutput, fromOutputs, toOutput, toOutputs } from './output.js';
import { fromAllowance, toAllowance } from './cost.js';
import { byTable, same } from './event-table.js';
import { fromApprovalRule, fromGoal, toApprovalRule, toGoal } from './goal.js';
import { fromConstraint, toConstraint } from './constraint.js';
import { need, parse } from './parse.js';
import { fromPlan, fromPlanDiff, toPlan, toPlanDiff } from './plan.js';
import { fromAnswer, fromQuestion, toAnswer, toQuestion } from './question.js';
import { fromTool, toTool } from './tool.js';
import { outcomeCodec, planReasonCodec, spentOnCodec } from './enum-codecs.js';

const table = byTable<RunEvent, NonNullable<pb.RunEvent['event']>>({
  accepted: {
    to: ({ goal }) => ({ goal: toGoal(goal) }),
    from: ({ goal }) => ({ goal: fromGoal(need('accepted.goal', goal)) }),
  },
  opened: {
    to: (event) => ({
      ...event,
      tools: event.tools.map(toTool),
      approvals: event.approvals.map(toApprovalRule),
      denied: event.denied ?? [],
      prompts: event.prompts ?? {},
      constraints: event.constraints ?? [],
      checks: event.checks,
      call: event.call,
      spent: event.spent,
    }),
    from: ({ constraints, ...value }) => ({
      ...value,
      ...(constraints.length > 0 && { constraints }),
      denied: value.denied.length > 0 ? value.denied : undefined,
      prompts: Object.keys(value.prompts).length > 0 ? value.prompts : undefined,
      tools: value.tools.map(fromTool),
      approvals: value.approvals.map(fromApprovalRule),
    }),
  },
  planned: {
    to: ({ plan, diff, reason, evaluated, modelCalls, spent }) => ({
      evaluated,
      modelCalls,
      spent,
      plan: toPlan(plan),
      diff: toPlanDiff(diff),
      reason: planReasonCodec.to(reason),
    }),
    from: ({ plan, diff, reason, ...rest }) => ({
      ...rest,
      plan: fromPlan(need('planned.plan', plan)),
      diff: fromPlanDiff(need('planned.diff', diff)),
      reason: planReasonCodec.from('planned.reason', reason),
    }),
  },
  dispatched: {
    to: (event) => ({ ...event, allowance: toAllowance(event.allowance) }),
    from: (value) => ({ ...value, allowance: fromAllowance('dispatched.allowance', value.allowance) }),
  },
  settled: {
    to: ({ heard = [], outputs, ...event }) => ({
      ...event,
      heard,
      outputs: toOutputs(outputs),
      outcome: outcomeCodec.to(event.outcome),
      failures: event.failures.map(toFailure),
    }),
    from: ({ heard, outputs, ...value }) => ({
      ...value,
      outputs: fromOutputs('settled.outputs', outputs),
      ...(heard.length > 0 && { heard }),
      outcome: outcomeCodec.from('settled.outcome', value.outcome),
      failures: value.failures.map(fromFailure),
    }),
  },
  checked: {
    to: ({ holds, problems = [], constraints = [], call, spent }) => ({
      holds,
      problems,
      constraints: constraints.map(toConstraint),
      call,
      spent,
    }),
    from: ({ constraints, problems, ...rest }) => ({
      ...rest,
      ...(problems.length > 0 && { problems }),
      ...(constraints.length > 0 && { constraints: constraints.map((c) => fromConstraint('checked.constraints', c)) }),
    }),
  },
  asked: {
    to: ({ question }) => ({ question: toQuestion(question) }),
    from: ({ question }) => ({ question: fromQuestion(need('asked.question', question)) }),
  },
  answered: {
    to: ({ question, subgoal, answer }) => ({ question, answer: toAnswer(answer), ...present({ subgoal }) }),
    from: ({ question, subgoal, answer }) => ({
      question,
      subgoal: subgoal ?? null,
      answer: fromAnswer(need('answered.answer', answer)),
    }),
  },
  reminded: {
    to: ({ question, subgoal }) => ({ question, ...present({ subgoal }) }),
    from: ({ question, subgoal }) => ({ question, subgoal: subgoal ?? null }),
  },
  overtime: same,
  blocked: same,
  paused: same,
  resumed: same,
  retried: same,
  cancelling: {
    to: ({ reason, outcome }) => ({ reason, outcome: outcomeCodec.to(outcome) }),
    from: ({ reason, outcome }) => ({
      reason,
      outcome: outcome === Outcome.UNSPECIFIED ? undefined : outcomeCodec.from('cancelling.outcome', outcome),
    }),
  },
  forked: {
    to: (event) => ({ ...event, overrides: toOverrides(event.overrides) }),
    from: (value) => ({ ...value, overrides: fromOverrides(need('forked.overrides', value.overrides)) }),
  },
  spent: {
    to: ({ on, modelCalls, spent, call }) => ({ on: spentOnCodec.to(on), modelCalls, spent, call }),
    from: ({ on, spent, ...rest }) => ({
      ...rest,
      on: spentOnCodec.from('spent.on', on),
      spent: need('spent.spent', spent),
    }),
  },
  ended: {
    to: ({ outcome, reason, result }) => ({
      outcome: outcomeCodec.to(outcome),
      reason,
      result: result && toOutput(result),
    }),
    from: ({ outcome, reason, result }) => ({
      outcome: outcomeCodec.from('ended.outcome', outcome),
      reason,
      result: result && fromOutput('ended.result', result),
    }),
  },
});

function toOverrides({ seed, strategy, versions, tools, action }: ForkOverrides): pb.ForkOverrides {
  return {
    tools: tools === null ? undefined : { tools: tools.map(toTool) },
    action: action === null ? undefined : { ...action, action: toAction(action.action) },
    versions: versions ?? undefined,
    ...present({ seed, strategy }),
  };
}

function fromOverrides({ tools, action, versions, ...message }: pb.ForkOverrides): object {
  return {
    ...message,
    versions: versions ?? null,
    tools: tools ? tools.tools.map(fromTool) : null,
    action: action ? { ...action, action: fromAction(need('forked.overrides.action', action.action)) } : null,
  };
}

/** A run's event for the wire. */
export function toRunEvent(event: RunEvent): pb.RunEvent {
  return { event: table.to(event) };
}

/** A run's event from the wire. */
export function fromRunEvent(message: pb.RunEvent): RunEvent {
  const body = need('run.event', message.event);
  return parse(body.$case, runEventSchema, table.from(body));
}
