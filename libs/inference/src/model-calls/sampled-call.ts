import {
  NO_COST,
  PraxisError,
  addCosts,
  keyedRandom,
  spentOf,
  type CallPlace,
  type ChatAnswer,
  type ChatMessage,
  type ChatRequest,
  type Cost,
  type ModelCallRecord,
  type ModelReply,
  type ModelRole,
  type Models,
} from '@praxis/core';
import { inputTokens } from '../client/token-estimate.js';

/** Longest input and output of models. */
export interface PromptRunnerOptions {
  /** Longest input and output together, in tokens. */
  readonly contextTokens: number;
  /** Longest answer, in tokens. */
  readonly answerTokens: number;
}

/** Whose call it is, and how it is made: the same for every kind of answer. */
export interface CallContext {
  /** Independent answers to ask for; 1 where nothing is said. */
  readonly samples?: number;
  readonly place: CallPlace;
  /** Of everything random in the run; with the place and the number of the sample it seeds the model (S8). */
  readonly seed: string;
  /** Names the thought within its stream. */
  readonly id: string;
  /** The goal's own choice of models. */
  readonly models?: Partial<Record<ModelRole, readonly string[]>>;
  readonly signal: AbortSignal;
}

/** A conversation to be answered so many times, in one form. */
export interface SampledCall {
  readonly context: CallContext;
  readonly role: ModelRole;
  readonly messages: readonly ChatMessage[];
  readonly stable: number;
  /** What the answer has to be: a schema, or tools to call. */
  readonly form: Pick<ChatRequest, 'answer' | 'tools' | 'toolChoice' | 'thinkFirst'>;
  /** What is wrong with an answer that fits its form; empty when nothing is. */
  readonly check?: (answer: ChatAnswer) => readonly string[];
}

/** Tries of one sample, on whatever nodes: enough for an answer that has to be mended and for two nodes that die. */
const TRIES = 4;

/** A single answer is the likeliest one; several are to differ. */
const TEMPERATURE = { one: 0, several: 0.7 } as const;

/** Asks for every sample at once; fails where no node can be had, with what all of them had cost. */
export async function askSamples(
  models: Models,
  call: SampledCall,
  options: PromptRunnerOptions,
): Promise<readonly ModelReply[]> {
  const { samples = 1 } = call.context;
  const asked = Array.from({ length: samples }, (_, nth) => ask(models, call, options, nth));
  return allOrNone(await Promise.allSettled(asked));
}

/** The most that a call can cost: every sample takes all its tries. */
export function estimateSamples(models: Models, call: SampledCall, options: PromptRunnerOptions): Cost {
  const { samples = 1 } = call.context;
  const chain = call.context.models?.[call.role];
  const request = requestOf(call, options, 0);
  const cost = models.estimate({ role: call.role, request, ...(chain && { models: chain }) });
  return Object.fromEntries(
    Object.entries(cost).map(([name, amount]) => [name, amount * samples * TRIES]),
  ) as unknown as Cost;
}

/** What is kept of the samples beside their conversation. */
export const samplesOf = (replies: readonly ModelReply[]): ModelCallRecord['samples'] =>
  replies.map(({ answer, problem, model, node, choices }) => ({ answer, problem, model, node, choices }));

/** What all samples have cost. */
export const spentOn = (replies: readonly ModelReply[]): Cost =>
  replies.map((reply) => reply.cost).reduce(addCosts, NO_COST);

function requestOf(
  { context, messages, stable, form }: SampledCall,
  { answerTokens }: PromptRunnerOptions,
  nth: number,
): ChatRequest {
  const { samples = 1, place, seed, id } = context;
  return {
    messages,
    stable,
    ...form,
    maxTokens: answerTokens,
    temperature: samples === 1 ? TEMPERATURE.one : TEMPERATURE.several,
    // Whatever the run is called: the same goal with the same seed asks the same.
    seed: Math.floor(keyedRandom(seed, place.stream.replace(place.run, ''), id, 'sample', nth) * 2 ** 31),
  };
}

function ask(models: Models, call: SampledCall, options: PromptRunnerOptions, nth: number): Promise<ModelReply> {
  const { role, check, context } = call;
  const chain = context.models?.[role];
  const request = requestOf(call, options, nth);
  // An endpoint that takes no tools reads them twice: in the prompt, and as the schema of the answer.
  const again = request.tools === undefined ? 0 : inputTokens({ messages: [], tools: request.tools });
  return models.call({
    role,
    request,
    repairTokens: Math.max(0, options.contextTokens - options.answerTokens - inputTokens(request) - again),
    place: context.place,
    tries: TRIES,
    signal: context.signal,
    ...(chain && { models: chain }),
    ...(check && { check }),
  });
}

/** The replies; where a sample failed, its error with what all of them had cost. */
function allOrNone(settled: readonly PromiseSettledResult<ModelReply>[]): readonly ModelReply[] {
  const failed = settled.find((s) => s.status === 'rejected');
  if (failed === undefined) return settled.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []));
  const error = PraxisError.from(failed.reason);
  const { calls, tokens, money } = settled
    .map((s) => (s.status === 'fulfilled' ? s.value.cost : { ...NO_COST, ...spentOf(s.reason) }))
    .reduce(addCosts, NO_COST);
  throw new PraxisError(error.code, error.message, {
    cause: error,
    details: { ...error.details, calls, tokens, money },
  });
}
