import { z } from 'zod';
import { freeRecord } from '../values/free-record.js';

/** Serving engines whose health and load can be read; `unknown` is anything that speaks the OpenAI protocol. */
export const engineSchema = z.enum(['vllm', 'sglang', 'llamacpp', 'tgi', 'ollama', 'simulator', 'embedded', 'unknown']);
export type Engine = z.infer<typeof engineSchema>;

/**
 * Whether an endpoint takes tools in chat requests. `none`: it refuses or ignores them, so that they are described in
 * the prompt and called by a structured answer. `unknown`: the first request that carries tools finds out.
 */
export const toolUseSchema = z.enum(['native', 'none', 'unknown']);
export type ToolUse = z.infer<typeof toolUseSchema>;

/** Something that a node serves. */
export const servedModelSchema = z.object({
  /** The name by which requests ask for it. */
  name: z.string().min(1),
  kind: z.enum(['chat', 'embedding', 'skill', 'policy']).default('chat'),
  /** Longest input and output together, in tokens; null: not known. */
  contextTokens: z.number().int().positive().nullable().default(null),
  /** Price of a million tokens, in the currency of the budgets. */
  price: z.object({ input: z.number().nonnegative(), output: z.number().nonnegative() }).nullable().default(null),
  /** Whether it takes tools, as its owner says; a person's word goes before what is found out. */
  tools: toolUseSchema.default('unknown'),
});
export type ServedModel = z.infer<typeof servedModelSchema>;

/** An inference node as its owner describes it. */
export const nodeSpecSchema = z.object({
  /** Unique in a cluster. */
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, 'must be letters, digits, dots and dashes'),
  /** Where its API begins, such as http://gpu1:8000/v1. */
  url: z.url({ protocol: /^https?$/, error: 'must be a URL such as http://gpu1:8000/v1' }),
  engine: engineSchema.default('unknown'),
  /** Empty: whatever the node itself lists. */
  serves: z.array(servedModelSchema).default([]),
  /** Requests that it works on at a time; null: as many as its pool gives it. */
  slots: z.number().int().positive().nullable().default(null),
  labels: freeRecord(z.string()).default({}),
  /** Whether its models take tools, where they do not say so themselves. */
  tools: toolUseSchema.default('unknown'),
  /** Name of the environment variable that holds its API key; the key itself is never part of a description. */
  keyVariable: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/)
    .nullable()
    .default(null),
});
export type NodeSpec = z.infer<typeof nodeSpecSchema>;
export type NodeSpecInput = z.input<typeof nodeSpecSchema>;

/** What a probe of a node found. Null: the engine does not say. */
export interface NodeLoad {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly isUp: boolean;
  /** Why it is not up, for people. */
  readonly note: string;
  readonly running: number | null;
  readonly waiting: number | null;
  /** Share of the key-value cache in use, 0 to 1. */
  readonly kvUse: number | null;
  /** Names of the models that it serves now. */
  readonly models: readonly string[] | null;
}

/** Why a node was taken for a call: every node that was considered, with its scores or with what ruled it out. */
export const nodeChoiceSchema = z.object({
  model: z.string(),
  /** 1 for the first try of a call; more after a node failed. `hedge`: sent besides one that is slow to begin. */
  attempt: z.number().int().positive(),
  hedge: z.boolean().default(false),
  picked: z.string().nullable(),
  /** How long the call waited for a free slot, in milliseconds. */
  waitedMs: z.number().nonnegative(),
  considered: z.array(
    z.object({
      node: z.string(),
      /** Null where it was ruled out. */
      score: z.number().nullable(),
      /** Each scorer's part of the score, before its weight. */
      parts: freeRecord(z.number()).default({}),
      ruledOut: z.string().nullable().default(null),
    }),
  ),
  /** How the try ended: `ok`, or what the trouble was. */
  outcome: z.string(),
});
export type NodeChoice = z.infer<typeof nodeChoiceSchema>;

/** How a node stands in a pool. */
export interface NodeView {
  readonly spec: NodeSpec;
  readonly origin: 'settings' | 'registered';
  readonly isDraining: boolean;
  /** Null before the first probe. */
  readonly load: NodeLoad | null;
  /** Calls of this process that are under way, and those that wait for it. */
  readonly inFlight: number;
  readonly queued: number;
  /** Models for which its breaker is open. */
  readonly broken: readonly string[];
  /** Moving average of the time to the first token, in milliseconds; null before the first answer. */
  readonly firstTokenMs: number | null;
}

/** Socket: the nodes that registered themselves, for all processes of a cluster. */
export interface NodeRegistry {
  /** Adds a node or changes its description; `tokenHash` is the SHA-256 of the token of whoever may speak for it. */
  register(spec: NodeSpec, tokenHash?: string): Promise<void>;
  /** A node is still there; false where it is not registered (any more) and has to register again. */
  beat(name: string): Promise<boolean>;
  /** It gets no new calls; false where there is no such node. */
  drain(name: string): Promise<boolean>;
  /** It is gone; false where there is no such node. */
  leave(name: string): Promise<boolean>;
  list(): Promise<readonly RegisteredNode[]>;
}

/** A node that registered itself. */
export interface RegisteredNode {
  readonly spec: NodeSpec;
  readonly isDraining: boolean;
  /** Milliseconds since 1970-01-01 UTC of its last sign of life. */
  readonly seenAt: number;
  /** SHA-256 of the token of whoever may speak for it; null where an older release registered it. */
  readonly tokenHash?: string | null;
}

/** A registered node that gave no sign of life for so long is taken for gone. */
export const NODE_SILENCE_MS = 15_000;
