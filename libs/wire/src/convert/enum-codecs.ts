import type {
  AnswerVerdict,
  ApprovalRule,
  Budget,
  ConstraintView,
  EffectClass,
  FailureCode,
  NodeStatus,
  Outcome,
  ParsedCondition,
  QuestionKind,
  RunStatus,
  Trust,
} from '@praxis/core';
import type { Overview, QueueState } from '../service-apis.js';
import { ParsedComparator } from '../gen/praxis/v1/environment.js';
import * as goal from '../gen/praxis/v1/goal.js';
import * as overview from '../gen/praxis/v1/overview.js';
import * as question from '../gen/praxis/v1/question.js';
import { PlanReason, SpentOn } from '../gen/praxis/v1/run_event.js';
import * as tool from '../gen/praxis/v1/tool.js';
import * as pb from '../gen/praxis/v1/types.js';
import { invalidField } from './parse.js';

/** Translates one closed list of words; what it does not know is refused with the field's name. */
export interface Words<Word extends string, Wire extends string> {
  /** The whole list. */
  readonly all: readonly Word[];
  to(word: Word): Wire;
  from(field: string, wire: Wire): Word;
}

/** Makes the translation of a closed list. */
export function enumCodec<Word extends string, Wire extends string>(
  table: Readonly<Record<Word, Wire>>,
): Words<Word, Wire> {
  const back = new Map(Object.entries<Wire>(table).map(([word, wire]) => [wire, word as Word]));
  return {
    all: Object.keys(table) as Word[],
    to: (word) => table[word],
    from: (field, wire) => {
      const word = back.get(wire);
      if (word === undefined)
        throw invalidField(
          field,
          `must be one of ${Object.keys(table).join(', ')}; it is missing or from a newer release`,
        );
      return word;
    },
  };
}

/** Effect classes. */
export const effectCodec = enumCodec<EffectClass, pb.EffectClass>({
  pure: pb.EffectClass.PURE,
  reversible: pb.EffectClass.REVERSIBLE,
  compensable: pb.EffectClass.COMPENSABLE,
  irreversible: pb.EffectClass.IRREVERSIBLE,
  unknown: pb.EffectClass.UNKNOWN,
});

/** Why actions fail. */
export const failureCodec = enumCodec<FailureCode, pb.FailureCode>({
  'invalid-args': pb.FailureCode.INVALID_ARGS,
  'not-applicable': pb.FailureCode.NOT_APPLICABLE,
  'effect-mismatch': pb.FailureCode.EFFECT_MISMATCH,
  timeout: pb.FailureCode.TIMEOUT,
  unavailable: pb.FailureCode.UNAVAILABLE,
  'world-error': pb.FailureCode.WORLD_ERROR,
  denied: pb.FailureCode.DENIED,
  budget: pb.FailureCode.BUDGET,
  cancelled: pb.FailureCode.CANCELLED,
  'unknown-outcome': pb.FailureCode.UNKNOWN_OUTCOME,
  stale: pb.FailureCode.STALE,
});

/** How runs and subgoals end. */
export const outcomeCodec = enumCodec<Outcome, pb.Outcome>({
  done: pb.Outcome.DONE,
  failed: pb.Outcome.FAILED,
  cancelled: pb.Outcome.CANCELLED,
});

/** Where runs stand. */
export const runStatusCodec = enumCodec<RunStatus, pb.RunStatus>({
  waiting: pb.RunStatus.WAITING,
  running: pb.RunStatus.RUNNING,
  paused: pb.RunStatus.PAUSED,
  done: pb.RunStatus.DONE,
  failed: pb.RunStatus.FAILED,
  cancelled: pb.RunStatus.CANCELLED,
});

/** Where nodes of a plan stand. */
export const nodeStatusCodec = enumCodec<NodeStatus, pb.NodeStatus>({
  pending: pb.NodeStatus.PENDING,
  dispatched: pb.NodeStatus.DISPATCHED,
  done: pb.NodeStatus.DONE,
  failed: pb.NodeStatus.FAILED,
  cancelled: pb.NodeStatus.CANCELLED,
});

/** Whether tools may be used. */
export const trustCodec = enumCodec<Trust, tool.Trust>({
  candidate: tool.Trust.CANDIDATE,
  active: tool.Trust.ACTIVE,
  rejected: tool.Trust.REJECTED,
  retired: tool.Trust.RETIRED,
});

/** Why plans are made. */
export const planReasonCodec = enumCodec<'first' | 'repair' | 'goal-missed', PlanReason>({
  first: PlanReason.FIRST,
  repair: PlanReason.REPAIR,
  'goal-missed': PlanReason.GOAL_MISSED,
});

/** What a run was doing when it spent something in vain. */
export const spentOnCodec = enumCodec<'opening' | 'planning', SpentOn>({
  opening: SpentOn.OPENING,
  planning: SpentOn.PLANNING,
});

/** Kinds of work. */
export const queueCodec = enumCodec<QueueState['queue'], overview.QueueName>({
  advance: overview.QueueName.ADVANCE,
  execute: overview.QueueName.EXECUTE,
  reflect: overview.QueueName.REFLECT,
});

/** Where queues are kept. */
export const backendCodec = enumCodec<Overview['backend'], overview.QueueBackend>({
  postgres: overview.QueueBackend.POSTGRES,
  redis: overview.QueueBackend.REDIS,
});

/** Whether actions may be done. */
export const approvalCodec = enumCodec<ApprovalRule['decision'], goal.ApprovalDecision>({
  allow: goal.ApprovalDecision.ALLOW,
  ask: goal.ApprovalDecision.ASK,
  deny: goal.ApprovalDecision.DENY,
});

/** What to do when budgets are spent. */
export const whenSpentCodec = enumCodec<Budget['whenSpent'], goal.WhenSpent>({
  ask: goal.WhenSpent.ASK,
  fail: goal.WhenSpent.FAIL,
});

/** What people are asked. */
export const questionCodec = enumCodec<QuestionKind, question.QuestionKind>({
  approval: question.QuestionKind.APPROVAL,
  uncertain: question.QuestionKind.UNCERTAIN,
  budget: question.QuestionKind.BUDGET,
  question: question.QuestionKind.QUESTION,
});

/** What people can say. */
export const verdictCodec = enumCodec<AnswerVerdict, question.Verdict>({
  approve: question.Verdict.APPROVE,
  reject: question.Verdict.REJECT,
  edit: question.Verdict.EDIT,
  happened: question.Verdict.HAPPENED,
  'not-happened': question.Verdict.NOT_HAPPENED,
  grant: question.Verdict.GRANT,
  answer: question.Verdict.ANSWER,
  expired: question.Verdict.EXPIRED,
});

/** What came of constraints. */
export const constraintVerdictCodec = enumCodec<ConstraintView['verdict'], pb.ConstraintVerdict>({
  pending: pb.ConstraintVerdict.PENDING,
  kept: pb.ConstraintVerdict.KEPT,
  broken: pb.ConstraintVerdict.BROKEN,
  unchecked: pb.ConstraintVerdict.UNCHECKED,
});

/** How two numbers of a condition are compared. */
export const comparatorCodec = enumCodec<
  Extract<ParsedCondition, { readonly kind: 'compare' }>['op'],
  ParsedComparator
>({
  '<': ParsedComparator.LESS,
  '<=': ParsedComparator.AT_MOST,
  '=': ParsedComparator.EQUAL,
  '>=': ParsedComparator.AT_LEAST,
  '>': ParsedComparator.GREATER,
});
