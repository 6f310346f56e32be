import type { EffectClass, FailureCode, NodeStatus, Outcome, RunStatus, Trust } from '@praxis/core';
import type { Overview, QueueState } from '../faces.js';
import * as event from '../gen/praxis/v1/events.js';
import * as planner from '../gen/praxis/v1/planner.js';
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

function words<Word extends string, Wire extends string>(table: Readonly<Record<Word, Wire>>): Words<Word, Wire> {
  const back = new Map(Object.entries<Wire>(table).map(([word, wire]) => [wire, word as Word]));
  return {
    all: Object.keys(table) as Word[],
    to: (word) => table[word],
    from: (field, wire) => {
      const word = back.get(wire);
      if (word === undefined) throw invalidField(field, `must be one of ${Object.keys(table).join(', ')}; it is missing or from a newer release`);
      return word;
    },
  };
}

/** Effect classes. */
export const effectWords = words<EffectClass, pb.EffectClass>({
  pure: pb.EffectClass.PURE,
  reversible: pb.EffectClass.REVERSIBLE,
  compensable: pb.EffectClass.COMPENSABLE,
  irreversible: pb.EffectClass.IRREVERSIBLE,
  unknown: pb.EffectClass.UNKNOWN,
});

/** Why actions fail. */
export const failureWords = words<FailureCode, pb.FailureCode>({
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
});

/** How runs and subgoals end. */
export const outcomeWords = words<Outcome, pb.Outcome>({
  done: pb.Outcome.DONE,
  failed: pb.Outcome.FAILED,
  cancelled: pb.Outcome.CANCELLED,
});

/** Where runs stand. */
export const runStatusWords = words<RunStatus, pb.RunStatus>({
  waiting: pb.RunStatus.WAITING,
  running: pb.RunStatus.RUNNING,
  done: pb.RunStatus.DONE,
  failed: pb.RunStatus.FAILED,
  cancelled: pb.RunStatus.CANCELLED,
});

/** Where nodes of a plan stand. */
export const nodeStatusWords = words<NodeStatus, pb.NodeStatus>({
  pending: pb.NodeStatus.PENDING,
  dispatched: pb.NodeStatus.DISPATCHED,
  done: pb.NodeStatus.DONE,
  failed: pb.NodeStatus.FAILED,
  cancelled: pb.NodeStatus.CANCELLED,
});

/** Whether tools may be used. */
export const trustWords = words<Trust, tool.Trust>({
  candidate: tool.Trust.CANDIDATE,
  active: tool.Trust.ACTIVE,
  rejected: tool.Trust.REJECTED,
  retired: tool.Trust.RETIRED,
});

/** Why plans are made. */
export const planReasonWords = words<'first' | 'repair' | 'goal-missed', event.PlanReason>({
  first: event.PlanReason.FIRST,
  repair: event.PlanReason.REPAIR,
  'goal-missed': event.PlanReason.GOAL_MISSED,
});

/** Kinds of work. */
export const queueWords = words<QueueState['queue'], planner.QueueName>({
  advance: planner.QueueName.ADVANCE,
  execute: planner.QueueName.EXECUTE,
  reflect: planner.QueueName.REFLECT,
});

/** Where queues are kept. */
export const backendWords = words<Overview['backend'], planner.QueueBackend>({
  postgres: planner.QueueBackend.POSTGRES,
  redis: planner.QueueBackend.REDIS,
});
