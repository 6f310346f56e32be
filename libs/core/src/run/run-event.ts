import { z } from 'zod';
import { freeRecord } from '../values/free-record.js';
import { approvalRuleSchema } from '../acting/approval-rule.js';
import { toolSchema } from '../learning/archive.js';
import { actionSchema } from '../values/action.js';
import { constraintVerdictSchema } from '../goals/constraint.js';
import { NO_COST, UNBOUNDED, allowanceSchema, costSchema } from '../values/cost.js';
import { eventCodec, type Upcaster } from '../journal/event-codec.js';
import { failureSchema } from '../acting/failure.js';
import { goalSchema } from '../goals/goal.js';
import { planDiffSchema, planSchema } from '../goals/plan.js';
import { answerSchema, questionSchema } from '../acting/question.js';
import { skillAnswerSchema } from '../acting/skill-answer.js';
import { outcomeSchema } from '../acting/step.js';
import { checksSchema } from '../acting/check.js';
import { outputSchema } from '../acting/output.js';

const node = z.string();
const attempt = z.number().int().positive();
const count = z.number().int().nonnegative();
/** A model's answer in the blob store, and what it cost; absent where no model was asked. */
const call = z.object({ prompt: z.string(), answer: z.string() }).optional();
const spent = costSchema.optional();

/** Versions of a strategy's two parts, to which a run is pinned (S9). */
const versionsSchema = z.object({ planning: z.number().int(), acting: z.number().int() });

/** What a fork does otherwise than the run it comes from. */
export const forkOverridesSchema = z.object({
  seed: z.string().nullable().default(null),
  strategy: z.string().nullable().default(null),
  /** Versions of that strategy. */
  versions: versionsSchema.nullable().default(null),
  /** Pin to the archive as it now is instead of the parent's tools. */
  tools: z.array(toolSchema).nullable().default(null),
  /** Decide so at this step of a subgoal, whatever its strategy says. */
  action: z.object({ node, attempt, step: count, action: actionSchema }).nullable().default(null),
});
export type ForkOverrides = z.infer<typeof forkOverridesSchema>;

/** What is written to the stream of a run, by the planner alone. */
export const runEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('accepted'), goal: goalSchema }),
  /** The world is open; from here on the run is pinned to these rules, tools and versions (S9). */
  z.object({
    type: z.literal('opened'),
    session: z.string(),
    domainName: z.string(),
    domain: z.string(),
    problem: z.string(),
    condition: z.string(),
    /** What the request says about how, word for word; absent where it says nothing. */
    constraints: z.array(z.string()).optional(),
    /** Named checks that a model made of the request; absent where it made none. */
    checks: checksSchema.optional(),
    agents: z.array(z.string()),
    tools: z.array(toolSchema),
    /** The deployment's approval rules. */
    approvals: z.array(approvalRuleSchema).default([]),
    /**
     * Names of skills that the rules deny, whatever their arguments: plans do without them. Absent where there are
     * none.
     */
    denied: z.array(z.string()).optional(),
    /** Versions of the goal's strategy. */
    versions: versionsSchema.default({ planning: 1, acting: 1 }),
    /**
     * SHA-256 of the text of every prompt, by name; the texts are in the blob store. Absent where no model is asked.
     */
    prompts: freeRecord(z.string()).optional(),
    /** How a model made the condition of the goal's request. */
    call,
    spent,
  }),
  z.object({
    type: z.literal('planned'),
    plan: planSchema,
    diff: planDiffSchema,
    reason: z.enum(['first', 'repair', 'goal-missed']),
    evaluated: count,
    /** Calls of models, and what the planning cost; absent where it asked none. */
    modelCalls: count.optional(),
    spent: costSchema.optional(),
  }),
  /** A subgoal was given to the executors, with what it may spend of the run's budget. */
  z.object({ type: z.literal('dispatched'), node, attempt, allowance: allowanceSchema.default(UNBOUNDED) }),
  z.object({
    type: z.literal('settled'),
    node,
    attempt,
    outcome: outcomeSchema,
    reason: z.string(),
    steps: count,
    failedSteps: count,
    replans: count,
    toolsUsed: z.array(z.string()),
    failures: z.array(failureSchema),
    spent: costSchema.default(NO_COST),
    /** Calls of models; absent where there were none. */
    modelCalls: count.optional(),
    /** What skills outside the world answered, for later subgoals; absent where none did. */
    heard: z.array(skillAnswerSchema).optional(),
    /** What it leaves to other subgoals and to the result, by name; absent where nothing. */
    outputs: freeRecord(outputSchema).optional(),
  }),
  /**
   * What an opening or a planning cost that led to no `opened` or `planned` event: it failed, was abandoned, or asks a
   * person first. `call`: the conversation, where there is one answer; `modelCalls`: calls that were sent.
   */
  z.object({
    type: z.literal('spent'),
    on: z.enum(['opening', 'planning']),
    modelCalls: count,
    spent: costSchema,
    call: z.object({ prompt: z.string(), answer: z.string() }).optional(),
  }),
  /**
   * All nodes were done, and the world was asked whether the goal holds; where it does, a model judges the constraints.
   */
  z.object({
    type: z.literal('checked'),
    holds: z.boolean(),
    /** What does not hold, one sentence each; absent where nothing is said. */
    problems: z.array(z.string()).optional(),
    constraints: z.array(constraintVerdictSchema).optional(),
    call,
    spent,
  }),
  /** The run itself asks for more budget, or what its planning has to know; nothing new begins meanwhile. */
  z.object({ type: z.literal('asked'), question: questionSchema }),
  /**
   * An answer to one of the run's own questions, or of a subgoal's. A grant to a subgoal comes out of what the run has
   * left.
   */
  z.object({ type: z.literal('answered'), question: z.string(), subgoal: z.string().nullable(), answer: answerSchema }),
  /** A person was reminded that a question is open. */
  z.object({ type: z.literal('reminded'), question: z.string(), subgoal: z.string().nullable() }),
  /** The time that the budget allows is over, at this many milliseconds of work. */
  z.object({ type: z.literal('overtime'), wallMs: count }),
  /** The run cannot go on for now, and is tried again by itself: why. Any later event says that it went on. */
  z.object({ type: z.literal('blocked'), reason: z.string() }),
  z.object({ type: z.literal('paused'), by: z.string(), reason: z.string() }),
  z.object({ type: z.literal('resumed'), by: z.string() }),
  /** A person asks the run to try again: what is postponed is due now; `reopened`: it had failed, and goes on. */
  z.object({ type: z.literal('retried'), by: z.string(), reopened: z.boolean() }),
  z.object({
    type: z.literal('cancelling'),
    reason: z.string(),
    outcome: outcomeSchema.exclude(['done']).default('cancelled'),
  }),
  /** This run begins with another one's events, up to here; it goes on in a world of its own. */
  z.object({
    type: z.literal('forked'),
    parent: z.string(),
    session: z.string(),
    /** How many events of the parent's streams it shares, by the parent's stream. */
    cut: freeRecord(count),
    overrides: forkOverridesSchema,
    /** Nodes that are to be begun anew. */
    again: z.array(node),
  }),
  /** `result`: what the run gave; absent where it gave nothing. */
  z.object({ type: z.literal('ended'), outcome: outcomeSchema, reason: z.string(), result: outputSchema.optional() }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

/** Runs that were accepted before a person could be asked for more budget end when it is spent. */
const failWhenSpent: Upcaster = (data) => {
  const accepted = data as { readonly goal: { readonly budget: object } };
  return { ...accepted, goal: { ...accepted.goal, budget: { ...accepted.goal.budget, whenSpent: 'fail' } } };
};

/** An action was a step and a call, and nothing else was counted. */
const withSpent: Upcaster = (data) => {
  const settled = data as { readonly steps: number };
  return { spent: { ...NO_COST, steps: settled.steps, calls: settled.steps }, ...settled };
};

/** An older version is read as it is. */
const same: Upcaster = (data) => data;

/** Reads and writes run events. */
export const runEvents = eventCodec<RunEvent>(runEventSchema, {
  // Goals have inputs, plans scripts, subgoals outputs and runs results since these versions.
  upcasters: { accepted: [failWhenSpent, same], planned: [same], settled: [withSpent, same], ended: [same] },
  // A run keeps the texts that it names for as long as it is kept.
  refs: (event) => [
    ...(event.type === 'opened' ? Object.values(event.prompts ?? {}) : []),
    ...('call' in event ? Object.values(event.call ?? {}) : []),
  ],
});
