import { z } from 'zod';
import { freeRecord } from '../values/free-record.js';
import type { ChatAnswer } from './chat.js';
import { nodeChoiceSchema, type NodeChoice } from './inference-node.js';
import { jsonSchema, type Json } from '../values/json.js';

/** One sample of a thought: what a model said, or why that was of no use, and where it was asked. */
export interface ThoughtSample {
  readonly answer: ChatAnswer | null;
  readonly problem: string;
  readonly model: string;
  readonly node: string;
  readonly choices: readonly NodeChoice[];
}

/**
 * What is kept of a thought beside the conversation: who was asked with which prompt, why there, and what came of it.
 */
export interface ModelCallRecord {
  readonly role: string;
  readonly prompt: { readonly name: string; readonly sha256: string };
  /** Lines of which hole did not fit into the prompt. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Skills and control branches that could be chosen; empty where nothing was to be chosen. */
  readonly offered: readonly string[];
  readonly samples: readonly ThoughtSample[];
}

/** The names under which a thought is kept, as events name it. */
export interface KeptThought {
  readonly prompt: string;
  readonly answer: string;
}

const count = z.number().nonnegative();

const chatAnswerSchema = z.object({
  text: z.string(),
  reasoning: z.string().default(''),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), args: freeRecord(jsonSchema) })).default([]),
  value: jsonSchema.default(null),
  finish: z.enum(['stop', 'length', 'tool-calls', 'refusal']),
  usage: z.object({ input: count, cached: count, output: count, reasoning: count }),
});

/**
 * Reads what is kept of a thought. What it does not know it leaves out, and so it does with the scores of single
 * tokens.
 */
export const modelCallRecordSchema: z.ZodType<ModelCallRecord> = z.object({
  role: z.string(),
  prompt: z.object({ name: z.string(), sha256: z.string() }),
  leftOut: freeRecord(count).default({}),
  offered: z.array(z.string()).default([]),
  samples: z.array(
    z.object({
      answer: chatAnswerSchema.nullable(),
      problem: z.string(),
      model: z.string(),
      node: z.string(),
      choices: z.array(nodeChoiceSchema).default([]),
    }),
  ),
});

/** Reads a thought as it is kept beside its conversation (`linkAnswer`); null where the text is none. */
export function readThought(body: string): ModelCallRecord | null {
  let kept: { readonly message?: Json } | null;
  try {
    kept = JSON.parse(body) as typeof kept;
  } catch {
    return null;
  }
  const parsed = modelCallRecordSchema.safeParse(kept?.message);
  return parsed.success ? parsed.data : null;
}
