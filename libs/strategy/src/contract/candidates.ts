import { z } from 'zod';
import {
  actionSchema,
  actionText,
  canonical,
  effectClassSchema,
  jsonSchema,
  planSchema,
  type Json,
} from '@praxis/core';

/** How many samples proposed it. */
const times = z.number().int().positive().default(1);

/** What an actor may propose for one step: an action, that it is done, a question, or that it is stuck. */
export const actorCandidateSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('act'),
    action: actionSchema,
    why: z.string().default(''),
    times,
    origin: z.string().default('model'),
    taint: z.array(z.string()).default([]),
    /** Where it is known; breaks ties in favour of what can be taken back. */
    effect: effectClassSchema.default('unknown'),
  }),
  /** `answer`: what came out of it, for the person who asked. */
  z.object({ kind: z.literal('done'), why: z.string().default(''), answer: jsonSchema.optional(), times }),
  z.object({ kind: z.literal('ask'), question: z.string().min(1), times }),
  z.object({ kind: z.literal('stuck'), why: z.string().default(''), times }),
]);
export type ActorCandidate = z.infer<typeof actorCandidateSchema>;
export type ActCandidate = Extract<ActorCandidate, { kind: 'act' }>;

/** A plan that a designer proposes, and what it took to find it. */
export const planCandidateSchema = z.object({
  plan: planSchema,
  evaluated: z.number(),
  /** What the model thought when it made it; absent where none did. */
  thought: z.string().optional(),
});
export type PlanCandidate = z.infer<typeof planCandidateSchema>;

/** What a designer may propose: a plan, or questions that have to be answered before there can be one. */
export const designerCandidateSchema = z.union([
  planCandidateSchema,
  z.object({ questions: z.array(z.string().min(1)).min(1) }),
]);
export type DesignerCandidate = z.infer<typeof designerCandidateSchema>;

/** What a slow mind may propose: what to do next in its view, and what to bring about on the way. */
export const intentionSchema = z.object({
  actions: z.array(actionSchema),
  conditions: z.array(z.string()).default([]),
  why: z.string().default(''),
  taint: z.array(z.string()).default([]),
});
export type Intention = z.infer<typeof intentionSchema>;

/** The candidates that can be read; a model's answer may be anything. */
export function readCandidates<T>(schema: z.ZodType<T>, candidates: readonly Json[]): readonly T[] {
  return candidates.flatMap((candidate) => {
    const parsed = schema.safeParse(candidate);
    return parsed.success ? [parsed.data] : [];
  });
}

/** What an actor proposed, equal ones as one, most frequent first. */
export function readActorCandidates(candidates: readonly Json[]): readonly ActorCandidate[] {
  const merged = new Map<string, ActorCandidate>();
  for (const candidate of readCandidates(actorCandidateSchema, candidates)) {
    const key = keyOf(candidate);
    const earlier = merged.get(key);
    merged.set(key, earlier ? { ...earlier, times: earlier.times + candidate.times } : candidate);
  }
  return [...merged.values()].toSorted((a, b) => b.times - a.times);
}

function keyOf(candidate: ActorCandidate): string {
  if (candidate.kind === 'act') return `act ${candidate.action.skill} ${canonical({ ...candidate.action.args })}`;
  return candidate.kind === 'ask' ? `ask ${candidate.question}` : candidate.kind;
}

/** For people: `(go hall)`, `done`. */
export const candidateText = (candidate: ActorCandidate): string =>
  candidate.kind === 'act' ? actionText(candidate.action) : candidate.kind;
