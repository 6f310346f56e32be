import {
  NO_COST,
  PraxisError,
  addCosts,
  keyedRandom,
  spentOf,
  type BlobStore,
  type CallPlace,
  type ChatMessage,
  type ChatRequest,
  type Cost,
  type KeptThought,
  type ModelReply,
  type ModelRole,
  type Models,
} from '@praxis/core';
import { ANSWERS, answerFormat, type Answer, type AnswerKind, type AnswerLimits } from '../prompts/answers.js';
import { correctionTurns, type Correction } from '../prompts/correction.js';
import type { PromptHoles, PromptName } from '../prompts/prompt-holes.js';
import type { Prompt } from '../prompts/prompt-set.js';
import type { RenderedPrompt } from '../prompts/render-prompt.js';
import { inputTokens } from '../client/token-estimate.js';
import { ThoughtStore } from './model-call-record.js';

/** What a mind may use. */
export interface PromptRunnerOptions {
  /** Longest input and output together, in tokens. */
  readonly contextTokens: number;
  /** Longest answer, in tokens. */
  readonly answerTokens: number;
}

/** One thought: a prompt with what fills it, and whose it is. */
export interface ModelRequest<N extends PromptName, K extends AnswerKind> {
  readonly prompt: Prompt<N>;
  readonly kind: K;
  readonly values: PromptHoles[N];
  readonly limits?: AnswerLimits;
  /** The answer of the round before, and what was wrong with it. */
  readonly correction?: Correction;
  /** What is wrong with an answer that fits its schema; empty when nothing is. */
  readonly check?: (answer: Answer<K>) => readonly string[];
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

/** What came of a thought. */
export interface ModelResult<K extends AnswerKind> {
  /** One for each sample that was of use, in the order of the samples. */
  readonly answers: readonly Answer<K>[];
  /** Why the other samples were of no use. */
  readonly problems: readonly string[];
  readonly spent: Cost;
  readonly call: KeptThought;
  /** How many lines of which hole the prompt had no room for. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/** A prompt that is filled, and the form of its answer. */
interface Prepared {
  readonly sha256: string;
  readonly kind: AnswerKind;
  readonly limits: AnswerLimits | undefined;
  readonly rendered: RenderedPrompt;
  /** The prompt, and the round before where there was one. */
  readonly messages: readonly ChatMessage[];
  readonly answer: ReturnType<typeof answerFormat>;
}

/** Tries of one sample, on whatever nodes: enough for an answer that has to be mended and for two nodes that die. */
const TRIES = 4;

/** Most of a prompt's room that the answer of the round before may take. */
const CORRECTION_SHARE = 0.25;

/** A single answer is the likeliest one; several are to differ. */
const TEMPERATURE = { one: 0, several: 0.7 } as const;

/** Asks models with prompts, and keeps what was said. */
export class PromptRunner {
  readonly #thoughts: ThoughtStore;
  /** By what fills their prompts: a thought is priced before it is thought, and has one form for all its samples. */
  readonly #prepared = new WeakMap<object, Prepared>();

  constructor(
    private readonly models: Models,
    blobs: BlobStore,
    private readonly options: PromptRunnerOptions,
  ) {
    this.#thoughts = new ThoughtStore(blobs);
  }

  /** Fails only where no node can be had; what a model says that is of no use is a problem, not a failure (S10). */
  async run<N extends PromptName, K extends AnswerKind>(order: ModelRequest<N, K>): Promise<ModelResult<K>> {
    const { prompt, kind, samples = 1 } = order;
    const { rendered, messages } = this.#prepare(order);
    const replies = allOrNone(
      await Promise.allSettled(Array.from({ length: samples }, (_, nth) => this.#ask(order, nth))),
    );
    const record = {
      role: prompt.role,
      prompt: { name: prompt.name, sha256: prompt.sha256 },
      leftOut: rendered.leftOut,
      samples: replies.map(({ answer, problem, model, node, choices }) => ({ answer, problem, model, node, choices })),
    };
    const call = await this.#thoughts.keep(messages, record);
    return {
      answers: replies.flatMap((reply) =>
        reply.answer === null ? [] : [ANSWERS[kind].parse(reply.answer.value) as Answer<K>],
      ),
      problems: replies.flatMap((reply) => (reply.answer === null ? [reply.problem] : [])),
      spent: replies.map((reply) => reply.cost).reduce(addCosts, NO_COST),
      call,
      leftOut: rendered.leftOut,
    };
  }

  /** The most that a thought can cost: every sample takes all its tries. */
  estimate<N extends PromptName, K extends AnswerKind>(order: ModelRequest<N, K>): Cost {
    const { prompt, models, samples = 1 } = order;
    const chain = models?.[prompt.role];
    const cost = this.models.estimate({
      role: prompt.role,
      request: this.#request(order, 0),
      ...(chain && { models: chain }),
    });
    return Object.fromEntries(
      Object.entries(cost).map(([name, amount]) => [name, amount * samples * TRIES]),
    ) as unknown as Cost;
  }

  #prepare<N extends PromptName, K extends AnswerKind>({
    prompt,
    kind,
    values,
    limits,
    correction,
  }: ModelRequest<N, K>): Prepared {
    const known = this.#prepared.get(values);
    if (known?.sha256 === prompt.sha256 && known.kind === kind && known.limits === limits) return known;
    const room = this.options.contextTokens - this.options.answerTokens;
    const turns = correction === undefined ? [] : correctionTurns(correction, Math.floor(room * CORRECTION_SHARE));
    const rendered = prompt.render(values, room - inputTokens({ messages: turns }));
    const made = {
      sha256: prompt.sha256,
      kind,
      limits,
      rendered,
      messages: [...rendered.messages, ...turns],
      answer: answerFormat(kind, limits),
    };
    this.#prepared.set(values, made);
    return made;
  }

  #request<N extends PromptName, K extends AnswerKind>(order: ModelRequest<N, K>, nth: number): ChatRequest {
    const { samples = 1, place, seed, id } = order;
    const { rendered, messages, answer } = this.#prepare(order);
    return {
      messages,
      stable: rendered.stable,
      answer,
      maxTokens: this.options.answerTokens,
      temperature: samples === 1 ? TEMPERATURE.one : TEMPERATURE.several,
      // Whatever the run is called: the same goal with the same seed asks the same.
      seed: Math.floor(keyedRandom(seed, place.stream.replace(place.run, ''), id, 'sample', nth) * 2 ** 31),
    };
  }

  #ask<N extends PromptName, K extends AnswerKind>(order: ModelRequest<N, K>, nth: number): Promise<ModelReply> {
    const { prompt, kind, check, place, signal, models } = order;
    const chain = models?.[prompt.role];
    const request = this.#request(order, nth);
    return this.models.call({
      role: prompt.role,
      request,
      repairTokens: Math.max(0, this.options.contextTokens - this.options.answerTokens - inputTokens(request)),
      place,
      tries: TRIES,
      signal,
      ...(chain && { models: chain }),
      ...(check && { check: ({ value }) => problemsOf(kind, value, check) }),
    });
  }
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

function problemsOf<K extends AnswerKind>(
  kind: K,
  value: unknown,
  check: (answer: Answer<K>) => readonly string[],
): readonly string[] {
  const parsed = ANSWERS[kind].safeParse(value);
  if (!parsed.success) return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return check(parsed.data as Answer<K>);
}

/** For what asks models in a deployment that has none. */
export function noModel(what: string): PraxisError {
  return new PraxisError(
    'invalid',
    `A ${what} asks models, and this deployment has none. Set PRAXIS_MODEL_URL to an OpenAI-compatible endpoint, or register nodes (docs/nodes.md).`,
  );
}
