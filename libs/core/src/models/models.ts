import { z } from 'zod';
import type { ChatAnswer, ChatRequest } from './chat.js';
import type { Cost } from '../values/cost.js';
import type { NodeChoice } from './inference-node.js';

/** What models are used for; each role goes to a model of its own choice. */
export const modelRoleSchema = z.enum(['planner', 'actor', 'judge', 'reflector', 'grounder']);
export type ModelRole = z.infer<typeof modelRoleSchema>;
export const MODEL_ROLES = modelRoleSchema.options;

/** Where in a run a call stands: what a router may know about it. */
export interface CallPlace {
  readonly run: string;
  /** The stream on whose behalf it is made; calls of one stream share their beginning. */
  readonly stream: string;
  /** 0 to 1: 1 where everything else waits for it. */
  readonly urgency: number;
  /** Milliseconds since 1970-01-01 UTC by which the run has to be over; null: never. */
  readonly deadline: number | null;
}

/** One call of a model. */
export interface ModelCall {
  readonly role: ModelRole;
  readonly request: ChatRequest;
  readonly place: CallPlace;
  /** Models to try instead of the role's, best first; for goals that say so. */
  readonly models?: readonly string[];
  /** What is wrong with a structured answer that fits its schema; empty when nothing is. */
  readonly check?: (answer: ChatAnswer) => readonly string[];
  /**
   * Most tries, on whatever nodes, repairs and hedges among them: what was reserved for the call pays for no more. As
   * many as it takes where nothing is said.
   */
  readonly tries?: number;
  /**
   * Most tokens of a useless answer that are shown again when it is asked for once more; as many as it has where
   * nothing is said.
   */
  readonly repairTokens?: number;
  readonly signal: AbortSignal;
  /** Told each piece of text as it comes. */
  readonly onText?: (piece: string) => void;
}

/** What came of a call. */
export interface ModelReply {
  /** Null where the model gave nothing that can be used, even when asked again. */
  readonly answer: ChatAnswer | null;
  /** Why there is no answer; empty where there is one. */
  readonly problem: string;
  readonly model: string;
  readonly node: string;
  /** Of all tries, also those that led to nothing. */
  readonly cost: Cost;
  readonly choices: readonly NodeChoice[];
}

/**
 * Socket: models by role, on whatever nodes there are.
 *
 * models.1 An answer that is given fits the schema that was asked for, and its tool calls name tools of the request
 *          with arguments that fit; what does not fit is asked for once more, and then is a problem, not an answer.
 * models.2 A call that was aborted is aborted at the node too.
 * models.3 What is given back counts everything that nodes worked on for it.
 * models.4 A call fails with `unavailable` only after every node and every model of the chain was tried or ruled out.
 */
export interface Models {
  call(call: ModelCall): Promise<ModelReply>;
  /** Vectors of equal length, one for each text. */
  embed(
    texts: readonly string[],
    place: CallPlace,
    signal: AbortSignal,
  ): Promise<{ readonly vectors: readonly (readonly number[])[]; readonly cost: Cost }>;
  /** The most that a call can cost: its input, and its longest answer, at the dearest price of its models. */
  estimate(call: Pick<ModelCall, 'role' | 'request' | 'models'>): Cost;
}
