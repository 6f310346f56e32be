import { PraxisError, type BlobStore, type ChatMessage, type Cost, type KeptThought, type Models } from '@praxis/core';
import { ANSWERS, answerFormat, type Answer, type AnswerKind, type AnswerLimits } from '../prompts/answers.js';
import { correctionTurns, type Correction } from '../prompts/correction.js';
import type { PromptHoles, PromptName } from '../prompts/prompt-holes.js';
import type { Prompt } from '../prompts/prompt-set.js';
import type { RenderedPrompt } from '../prompts/render-prompt.js';
import { inputTokens } from '../client/token-estimate.js';
import { cleanedResult } from '../tool-calls/cleaned-result.js';
import { choiceOf, menuRequest, skillMenu, type SkillMenu } from '../tool-calls/skill-choice.js';
import { ThoughtStore } from './model-call-record.js';
import type { SkillRequest, SkillResult } from './skill-request.js';
import {
  askSamples,
  estimateSamples,
  samplesOf,
  spentOn,
  type CallContext,
  type PromptRunnerOptions,
  type SampledCall,
} from './sampled-call.js';

export type { PromptRunnerOptions } from './sampled-call.js';

/** One thought: a prompt with what fills it, and whose it is. */
export interface ModelRequest<N extends PromptName, K extends AnswerKind> extends CallContext {
  readonly prompt: Prompt<N>;
  readonly kind: K;
  readonly values: PromptHoles[N];
  readonly limits?: AnswerLimits;
  /** The answer of the round before, and what was wrong with it. */
  readonly correction?: Correction;
  /** What is wrong with an answer that fits its schema; empty when nothing is. */
  readonly check?: (answer: Answer<K>) => readonly string[];
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

/** Most of a prompt's room that the answer of the round before may take. */
const CORRECTION_SHARE = 0.25;

/**
 * Asks models with prompts, and keeps what was said.
 *
 * prompt-runner.1 Every call is priced before it is made, costs no more than that, and is kept with its conversation.
 * prompt-runner.2 A choice among skills names a skill or control branch that was offered, with arguments that fit its
 *                 schema, whether or not the endpoint takes tools.
 */
export class PromptRunner {
  readonly #thoughts: ThoughtStore;
  /** By what fills their prompts: a thought is priced before it is thought, and has one form for all its samples. */
  readonly #prepared = new WeakMap<object, Prepared>();
  /** By the skills that are offered: a choice is priced before it is made. */
  readonly #menus = new WeakMap<object, { readonly controls: SkillRequest['controls']; readonly menu: SkillMenu }>();

  constructor(
    private readonly models: Models,
    blobs: BlobStore,
    private readonly options: PromptRunnerOptions,
  ) {
    this.#thoughts = new ThoughtStore(blobs);
  }

  /** Fails only where no node can be had; what a model says that is of no use is a problem, not a failure (S10). */
  async run<N extends PromptName, K extends AnswerKind>(order: ModelRequest<N, K>): Promise<ModelResult<K>> {
    const { prompt, kind } = order;
    const { rendered, messages } = this.#prepare(order);
    const replies = await askSamples(this.models, this.#sampled(order), this.options);
    const call = await this.#thoughts.keep(messages, {
      role: prompt.role,
      prompt: { name: prompt.name, sha256: prompt.sha256 },
      leftOut: rendered.leftOut,
      offered: [],
      samples: samplesOf(replies),
    });
    return {
      answers: replies.flatMap((reply) =>
        reply.answer === null ? [] : [ANSWERS[kind].parse(reply.answer.value) as Answer<K>],
      ),
      problems: replies.flatMap((reply) => (reply.answer === null ? [reply.problem] : [])),
      spent: spentOn(replies),
      call,
      leftOut: rendered.leftOut,
    };
  }

  /** The most that a thought can cost: every sample takes all its tries. */
  estimate<N extends PromptName, K extends AnswerKind>(order: ModelRequest<N, K>): Cost {
    return estimateSamples(this.models, this.#sampled(order), this.options);
  }

  /**
   * Has a model choose a skill and its arguments, or a control branch such as `done`: by native tool calling where the
   * endpoint takes tools, else by a structured answer with a branch for each. A choice that does not fit is asked for
   * once more with what is wrong. Fails as `run` does.
   *
   * @example
   * const rendered = prompt.render(values, runner.roomFor(order));
   * const { choices } = await runner.chooseSkill({ ...order, rendered });
   * const [choice] = choices;
   * if (choice?.kind === 'call') await act(choice.call.skill, choice.call.args);
   * else if (choice?.control === 'ask') ask(choice.args.question);
   */
  async chooseSkill(order: SkillRequest): Promise<SkillResult> {
    const { prompt, rendered } = order;
    const menu = this.#menu(order);
    const sampled = this.#choosing(order);
    const replies = await askSamples(this.models, sampled, this.options);
    const call = await this.#thoughts.keep(sampled.messages, {
      role: prompt.role,
      prompt: { name: prompt.name, sha256: prompt.sha256 },
      leftOut: rendered.leftOut ?? {},
      offered: menu.tools.map(({ name }) => name),
      samples: samplesOf(replies),
    });
    const chosen = replies.map(({ answer, problem }) => ({ choice: answer && choiceOf(answer, menu), problem }));
    return {
      choices: chosen.flatMap(({ choice }) => (choice === null ? [] : [choice])),
      problems: chosen.flatMap(({ choice, problem }) => (choice === null ? [problem || 'it chose nothing'] : [])),
      spent: spentOn(replies),
      call,
      leftOut: rendered.leftOut ?? {},
      unusable: menu.unusable,
    };
  }

  /** The most that a choice can cost. */
  estimateChoice(order: SkillRequest): Cost {
    return estimateSamples(this.models, this.#choosing(order), this.options);
  }

  /** Tokens that the messages of a choice may have: what its skills and the answer leave free. */
  roomFor(order: Pick<SkillRequest, 'skills' | 'controls' | 'correction'>): number {
    const { tools } = this.#menu(order);
    const room = this.options.contextTokens - this.options.answerTokens;
    const turns = this.#turns(order.correction);
    // Described in the prompt, as for an endpoint that takes no tools, they take the most room: text and schema.
    return Math.max(0, room - 2 * inputTokens({ messages: [], tools }) - inputTokens({ messages: turns }));
  }

  #menu({ skills, controls }: Pick<SkillRequest, 'skills' | 'controls'>): SkillMenu {
    const known = this.#menus.get(skills);
    if (known !== undefined && known.controls === controls) return known.menu;
    const menu = skillMenu(skills, controls);
    this.#menus.set(skills, { controls, menu });
    return menu;
  }

  #choosing(order: SkillRequest): SampledCall {
    const { prompt, rendered, correction, check, thought = true } = order;
    const menu = this.#menu(order);
    return {
      context: order,
      role: prompt.role,
      messages: [...rendered.messages.map(cleanedResult), ...this.#turns(correction)],
      stable: rendered.stable,
      form: menuRequest(menu, thought),
      ...(check && {
        check: (answer) => {
          const choice = choiceOf(answer, menu);
          return choice === null ? ['choose one of the skills'] : check(choice);
        },
      }),
    };
  }

  #turns(correction: Correction | undefined): readonly ChatMessage[] {
    const room = this.options.contextTokens - this.options.answerTokens;
    return correction === undefined ? [] : correctionTurns(correction, Math.floor(room * CORRECTION_SHARE));
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
    const turns = this.#turns(correction);
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

  #sampled<N extends PromptName, K extends AnswerKind>(order: ModelRequest<N, K>): SampledCall {
    const { prompt, kind, check } = order;
    const { rendered, messages, answer } = this.#prepare(order);
    return {
      context: order,
      role: prompt.role,
      messages,
      stable: rendered.stable,
      form: { answer },
      ...(check && { check: ({ value }) => problemsOf(kind, value, check) }),
    };
  }
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
