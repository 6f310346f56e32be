import { z } from 'zod';
import { actionSchema, effectClassSchema } from './action.js';
import { eventCodec } from './event-codec.js';
import { failureSchema } from './failure.js';
import { jsonSchema } from './json.js';
import { actionResultSchema, stateChangeSchema, stateSchema } from './observation.js';

/** How a subgoal or a run can end. */
export const outcomeSchema = z.enum(['done', 'failed', 'cancelled']);
export type Outcome = z.infer<typeof outcomeSchema>;

const id = z.string();
const step = z.number().int().nonnegative();

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
    limits: z.object({ steps: z.number().int(), replans: z.number().int() }),
    suggested: z.array(actionSchema),
    avoid: z.array(failureSchema),
    /** Domain name, for the reflector. */
    domain: z.string(),
  }),
  z.object({ type: z.literal('proposed'), id, candidates: z.array(jsonSchema), note: z.string() }),
  z.object({ type: z.literal('scored'), id, scores: z.array(z.number()) }),
  z.object({ type: z.literal('verified'), id, violations: z.array(z.string()) }),
  /** The one decision of a step (S3). `origin` says who chose: the policy, or a tool of the archive. */
  z.object({ type: z.literal('decided'), id, step, action: actionSchema, why: z.string(), origin: z.string() }),
  /** About to happen (S4). */
  z.object({ type: z.literal('tried'), id, step, key: z.string(), effect: effectClassSchema }),
  /** What came of it, and how the world changed since the last look. */
  z.object({ type: z.literal('observed'), id, step, result: actionResultSchema, change: stateChangeSchema }),
  z.object({ type: z.literal('simulated'), id, change: stateChangeSchema.nullable() }),
  z.object({ type: z.literal('checkpointed'), id, snapshot: z.string() }),
  z.object({ type: z.literal('restored'), id, state: stateSchema }),
  z.object({ type: z.literal('answered'), id, answer: jsonSchema }),
  z.object({ type: z.literal('elapsed'), id }),
  z.object({ type: z.literal('ended'), outcome: outcomeSchema, reason: z.string(), result: jsonSchema }),
]);
export type StepEvent = z.infer<typeof stepEventSchema>;
export type OpenedEvent = Extract<StepEvent, { type: 'opened' }>;
export type EndedEvent = Extract<StepEvent, { type: 'ended' }>;

/** Reads and writes step events. */
export const stepEvents = eventCodec<StepEvent>(stepEventSchema);
