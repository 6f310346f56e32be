import { z } from 'zod';
import { actionSchema, effectClassSchema } from '../values/action.js';
import { NO_COST, UNBOUNDED, allowanceSchema, costSchema, type Cost } from '../values/cost.js';
import { eventCodec, type Upcaster } from '../journal/event-codec.js';
import { failureSchema } from './failure.js';
import { jsonSchema } from '../values/json.js';
import { actionResultSchema, failureCodeSchema, stateChangeSchema, stateSchema } from './observation.js';
import { answerSchema, questionSchema } from './question.js';
import { skillAnswerSchema } from './skill-answer.js';
import { isNoChange } from '../values/state.js';
import { freeRecord } from '../values/free-record.js';
import { checksSchema } from './check.js';
import { outputSchema } from './output.js';
import { scriptStepSchema } from './script.js';

/** How a subgoal or a run can end. */
export const outcomeSchema = z.enum(['done', 'failed', 'cancelled']);
export type Outcome = z.infer<typeof outcomeSchema>;

const id = z.string();
const step = z.number().int().nonnegative();
/** What an answer cost; absent where it cost nothing. */
const spent = costSchema.optional();
/** A model's call: the head of the conversation it was given and its answer, both in the blob store. */
const call = z.object({ prompt: z.string(), answer: z.string() }).optional();
/** Nobody thought about it, since a person refuses what it would cost: why; absent otherwise. */
const refused = z.string().optional();

/**
 * What is written to the stream of a subgoal (or of a planning): first `opened`, then what the interpreter saw, last
 * `ended`. `id` is the strategy's name for the effect that an event answers.
 */
export const stepEventSchema = z.discriminatedUnion('type', [
  /** The job was taken up: everything the strategy starts from. */
  z.object({
    type: z.literal('opened'),
    by: z.string(),
    strategy: z.string(),
    state: stateSchema,
    condition: z.string(),
    owner: z.string().nullable(),
    /**
     * `patience`: steps without any progress before somebody has to do something about it; absent: no end. `stale`: how
     * many stale decisions in a row cost no step; absent: recorded before decisions could be stale.
     */
    limits: z.object({
      steps: z.number().int(),
      replans: z.number().int(),
      patience: z.number().int().positive().optional(),
      stale: z.number().int().positive().optional(),
    }),
    /** What may be spent before more has to be asked for. */
    allowance: allowanceSchema.default(UNBOUNDED),
    suggested: z.array(actionSchema),
    avoid: z.array(failureSchema),
    /** Domain name, for the reflector. */
    domain: z.string(),
    /** False where the world takes no snapshots, so that none is asked for; absent where it does. */
    snapshots: z.literal(false).optional(),
    /** What skills outside the world answered earlier in the run; absent where none did. */
    heard: z.array(skillAnswerSchema).optional(),
    /** Outputs that the subgoal may refer to, by name: inputs of the goal and results of earlier subgoals. */
    inputs: freeRecord(outputSchema).optional(),
    /** Named checks that its condition refers to. */
    checks: checksSchema.optional(),
    /** Steps to carry out; absent where the strategy finds its own. */
    script: z.array(scriptStepSchema).optional(),
    /** What calls for the items of its lists gave in subgoals that failed, by `callKey`; they are not made again. */
    earlier: freeRecord(outputSchema).optional(),
    /** Seeds what is random in it (S8). */
    seed: z.string().optional(),
  }),
  z.object({
    type: z.literal('proposed'),
    id,
    candidates: z.array(jsonSchema),
    note: z.string(),
    spent,
    call,
    refused,
  }),
  z.object({ type: z.literal('scored'), id, scores: z.array(z.number()), spent, call, refused }),
  z.object({ type: z.literal('verified'), id, violations: z.array(z.string()), spent, call, refused }),
  /**
   * The one decision of a step (S3). `origin` says who chose: the policy, a tool of the archive, or a person. `taint`
   * names where untrusted parts of it came from.
   */
  z.object({
    type: z.literal('decided'),
    id,
    step,
    action: actionSchema,
    why: z.string(),
    origin: z.string(),
    taint: z.array(z.string()).default([]),
    /**
     * The key of an earlier attempt of the run at this very action whose outcome is unknown; absent: the step has a key
     * of its own.
     */
    key: z.string().optional(),
    /** The name under which later steps refer to its output; absent where none is given. */
    as: z.string().optional(),
    /** The facts that it brings about, where the plan says so. */
    ensures: z.array(z.string()).optional(),
  }),
  /** A person is asked; what waits for the answer waits without holding anything. */
  z.object({ type: z.literal('asked'), id, question: questionSchema }),
  /** All that is left to do waits for people, or until a time; nobody holds the subgoal any more. */
  z.object({
    type: z.literal('parked'),
    questions: z.array(z.string()),
    /**
     * When the first postponed action is due, in milliseconds since 1970-01-01 UTC; absent where only people are waited
     * for.
     */
    until: z.number().optional(),
  }),
  /**
   * An action is attempted again later: same step, same key. It costs no step. `attempt` counts the failed attempts at
   * the action in this run, in a row; `doubts` those under this key that may have been carried out.
   */
  z.object({
    type: z.literal('postponed'),
    id,
    step,
    attempt: z.number().int().positive(),
    until: z.number(),
    code: failureCodeSchema,
    message: z.string(),
    doubts: z.number().int().positive().optional(),
    /** How often people had asked the run to try again by then; absent: never. */
    retries: z.number().int().positive().optional(),
  }),
  /** Nobody could go on with it for now, and it is tried again by itself: why. Any later event says that it went on. */
  z.object({ type: z.literal('blocked'), reason: z.string() }),
  /** The answer as it stands in the run's stream. */
  z.object({ type: z.literal('replied'), id, question: z.string(), answer: answerSchema }),
  /** About to happen (S4). */
  z.object({ type: z.literal('tried'), id, step, key: z.string(), effect: effectClassSchema }),
  /**
   * What came of it, and how the world changed since the last look; absent: not at all. `others`: the part of the
   * change that was there before the action came; absent: none, or the world does not say. `polling`: it may be
   * repeated without any change. `answeredBy`: the source outside the world whose untrusted text the message is; absent
   * where the world answered.
   */
  z.object({
    type: z.literal('observed'),
    id,
    step,
    result: actionResultSchema,
    change: stateChangeSchema.default({ added: [], removed: [], numbers: {} }),
    others: stateChangeSchema.optional(),
    spent,
    polling: z.literal(true).optional(),
    answeredBy: z.string().optional(),
  }),
  z.object({ type: z.literal('simulated'), id, change: stateChangeSchema.nullable() }),
  z.object({ type: z.literal('checkpointed'), id, snapshot: z.string() }),
  z.object({ type: z.literal('restored'), id, state: stateSchema }),
  z.object({ type: z.literal('answered'), id, answer: jsonSchema }),
  z.object({ type: z.literal('elapsed'), id }),
  /**
   * Calls of models that were sent for this effect and led to no answer of it, since they failed or nobody waited any
   * more: what they cost.
   */
  z.object({ type: z.literal('wasted'), id, spent: costSchema }),
  z.object({ type: z.literal('ended'), outcome: outcomeSchema, reason: z.string(), result: jsonSchema }),
]);
export type StepEvent = z.infer<typeof stepEventSchema>;
export type OpenedEvent = Extract<StepEvent, { type: 'opened' }>;
export type EndedEvent = Extract<StepEvent, { type: 'ended' }>;

/** An older version is read as it is. */
const same: Upcaster = (data) => data;

/** Reads and writes step events. */
export const stepEvents = eventCodec<StepEvent>(stepEventSchema, {
  upcasters: {
    // Version 1 always said how the world changed; no decision was stale before version 3, and no action gave an
    // output before version 4.
    observed: [same, same, same],
    // Since version 2 a subgoal may have inputs, checks and a script, and a decision a name.
    opened: [same],
    decided: [same],
  },
  refs(event) {
    const named = 'call' in event ? event.call : undefined;
    return named === undefined ? [] : [named.prompt, named.answer];
  },
  spare,
});

/** What is empty at most steps takes no room in the journal. */
function spare(event: StepEvent): { readonly type: string } {
  if (event.type === 'decided' && event.taint.length === 0) {
    const { taint: _, ...rest } = event;
    return rest;
  }
  if (event.type === 'observed' && isNoChange(event.change)) {
    const { change: _, ...rest } = event;
    return rest;
  }
  return event;
}

/** How many answers of models the events hold, and calls that led to none; nothing where there are none. */
export function countModelCalls(events: readonly StepEvent[]): { readonly modelCalls?: number } {
  const modelCalls = events.reduce(
    (sum, event) =>
      sum + (event.type === 'wasted' ? event.spent.calls : 'call' in event && event.call !== undefined ? 1 : 0),
    0,
  );
  return modelCalls > 0 ? { modelCalls } : {};
}

const STEP_COST: Cost = { ...NO_COST, steps: 1, calls: 1 };

/** What an event cost: an action is a step and a call unless it says otherwise; most other events cost nothing. */
export function costOf(event: StepEvent): Cost {
  if (event.type === 'observed') return event.spent ?? STEP_COST;
  return ('spent' in event ? event.spent : undefined) ?? NO_COST;
}
