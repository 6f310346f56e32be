import { nodeChoiceSchema, type NodeChoice } from '@praxis/core';
import type { BoundedText, ExplainedRecord, ExplainedSample, ExplainedThought, Explanation } from '../explanation.js';
import type { ExplainRequest } from '../history-requests.js';
import type * as planner from '../gen/praxis/v1/planner.js';
import * as pb from '../gen/praxis/v1/thought.js';
import { Outcome } from '../gen/praxis/v1/types.js';
import { present } from './absent.js';
import { fromAction, toAction } from './action.js';
import { fromForkPoint, toForkPoint } from './history.js';
import { invalidField, need, parse } from './parse.js';
import { outcomeCodec, enumCodec } from './enum-codecs.js';

const kindCodec = enumCodec<ExplainedThought['kind'], pb.ThoughtKind>({
  propose: pb.ThoughtKind.PROPOSE,
  evaluate: pb.ThoughtKind.EVALUATE,
  verify: pb.ThoughtKind.VERIFY,
});

type Finish = NonNullable<ExplainedSample['answer']>['finish'];

const finishCodec = enumCodec<Finish, string>({
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool-calls',
  refusal: 'refusal',
});

/** What to explain, for the wire. */
export function toExplainRequest({ run, at, prompts }: ExplainRequest): planner.ExplainRequest {
  return {
    runId: run,
    withPrompts: prompts,
    at: 'plan' in at ? { $case: 'planVersion', value: at.plan ?? 0 } : { $case: 'step', value: toForkPoint(at) },
  };
}

/** What to explain, from the wire. */
export function fromExplainRequest({ runId, at, withPrompts }: planner.ExplainRequest): ExplainRequest {
  const point = need('explain.at', at);
  if (point.$case === 'step')
    return { run: runId, at: fromForkPoint('explain.step', point.value), prompts: withPrompts };
  if (point.value < 0) throw invalidField('explain.planVersion', 'is less than 0');
  return { run: runId, at: { plan: point.value === 0 ? null : point.value }, prompts: withPrompts };
}

/** Why something was decided, for the wire. */
export function toExplanation({ decision, planning, thoughts }: Explanation): planner.ExplainResponse {
  return {
    decision: decision === null ? undefined : toDecision(decision),
    planning:
      planning === null
        ? undefined
        : { ...planning, outcome: planning.outcome === null ? Outcome.UNSPECIFIED : outcomeCodec.to(planning.outcome) },
    thoughts: thoughts.map(toThought),
  };
}

/** Why something was decided, from the wire. */
export function fromExplanation({ decision, planning, thoughts }: planner.ExplainResponse): Explanation {
  return {
    decision: decision === undefined ? null : fromDecision(decision),
    planning:
      planning === undefined
        ? null
        : {
            ...planning,
            outcome:
              planning.outcome === Outcome.UNSPECIFIED
                ? null
                : outcomeCodec.from('explanation.planning.outcome', planning.outcome),
          },
    thoughts: thoughts.map(fromThought),
  };
}

function toDecision({
  subgoal,
  action,
  answer,
  ...decision
}: NonNullable<Explanation['decision']>): pb.ExplainedDecision {
  return { ...decision, subgoalId: subgoal, action: toAction(action), answer };
}

function fromDecision({
  subgoalId,
  action,
  answer,
  ...message
}: pb.ExplainedDecision): NonNullable<Explanation['decision']> {
  return {
    ...message,
    ...(answer && { answer }),
    subgoal: subgoalId,
    action: fromAction(need('explanation.decision.action', action)),
  };
}

function toThought({ kind, isEarlier, at, spent, record, ...thought }: ExplainedThought): pb.Thought {
  return {
    ...thought,
    kind: kindCodec.to(kind),
    earlier: isEarlier,
    atMs: at,
    spent: spent ?? undefined,
    record: record === null ? undefined : toRecord(record),
  };
}

function fromThought({ kind, earlier, atMs, spent, record, ...message }: pb.Thought): ExplainedThought {
  return {
    ...message,
    kind: kindCodec.from('thought.kind', kind),
    isEarlier: earlier,
    at: atMs,
    spent: spent ?? null,
    record: record === undefined ? null : fromRecord(record),
  };
}

function toRecord({ prompt, samples, leftOut, offered, ...record }: ExplainedRecord): pb.ThoughtRecord {
  return {
    ...record,
    promptName: prompt.name,
    promptSha256: prompt.sha256,
    leftOut: { ...leftOut },
    offered: [...offered],
    samples: samples.map(toSample),
  };
}

function fromRecord({ promptName, promptSha256, samples, messages, ...message }: pb.ThoughtRecord): ExplainedRecord {
  return {
    ...message,
    prompt: { name: promptName, sha256: promptSha256 },
    samples: samples.map(fromSample),
    messages: messages.map(({ role, content }) => ({ role, content: fromText(content) })),
  };
}

function toSample({ answer, choices, ...sample }: ExplainedSample): pb.ThoughtSample {
  return { ...sample, answer: answer ?? undefined, choices: choices.map(toChoice) };
}

function fromSample({ answer, choices, ...message }: pb.ThoughtSample): ExplainedSample {
  return { ...message, answer: answer === undefined ? null : fromAnswer(answer), choices: choices.map(fromChoice) };
}

function fromAnswer({ text, reasoning, finish, usage }: pb.ThoughtAnswer): NonNullable<ExplainedSample['answer']> {
  return {
    text: fromText(text),
    reasoning: fromText(reasoning),
    finish: finishCodec.from('thought.answer.finish', finish),
    usage: need('thought.answer.usage', usage),
  };
}

const fromText = (text: pb.BoundedText | undefined): BoundedText => text ?? { text: '', leftOut: 0 };

function toChoice({ picked, considered, ...choice }: NodeChoice): pb.NodeChoice {
  return {
    ...choice,
    ...present({ picked }),
    considered: considered.map(({ score, ruledOut, ...node }) => ({ ...node, ...present({ score, ruledOut }) })),
  };
}

function fromChoice({ picked, considered, ...choice }: pb.NodeChoice): NodeChoice {
  const nodes = considered.map(({ score, ruledOut, ...node }) => ({
    ...node,
    score: score ?? null,
    ruledOut: ruledOut ?? null,
  }));
  return parse('thought.choice', nodeChoiceSchema, { ...choice, picked: picked ?? null, considered: nodes });
}
