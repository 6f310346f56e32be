import {
  PraxisError,
  keyedChoice,
  keyedRandom,
  type ChatMessage,
  type ChatRequest,
  type Json,
  type JsonSchema,
} from '@praxis/core';
import { askedDigest, jsonAnswer, type AnswerMaker, type MadeAnswer } from '../answer-maker.js';
import { readBlocks, type Blocks, linesOf, termsOf } from './blocks.js';
import { draftPlan } from './draft-plan.js';
import { ask, formaliseGoal } from './formal-goal.js';
import { criticisePlan, disagree, judgeConstraints, scoreCandidates } from './judgements.js';
import { makeMetaPlan, refuseMetaPlan } from './meta-plan.js';
import { chooseNextAction } from './next-action.js';
import { judgeStatement, understandRequest } from './requests.js';
import { readTask, type BlockTask, type RuleAnswer } from './task.js';
import type { Think, ModelResult } from './thinking.js';
import { TrainOfThought } from './train-of-thought.js';

/** How rule-made answers are made. */
export interface RuleMakerOptions {
  readonly think: Think;
  /** Says what rules do not cover. */
  readonly otherwise: AnswerMaker;
  readonly seed: string;
  /** Share of the next actions that are wrong, though legal. */
  readonly noise?: number;
  /** Most states that one search looks at. */
  readonly evaluated?: number;
}

interface Rule {
  readonly answer: (
    task: BlockTask,
    blocks: Blocks,
    thinking: ModelResult,
    messages: readonly ChatMessage[],
  ) => Promise<RuleAnswer> | RuleAnswer;
  /** What is said where the prompt's PDDL cannot be read. */
  readonly confused: (why: string, blocks: Blocks) => RuleAnswer;
}

const RULES: Readonly<Record<string, Rule>> = {
  meta_plan: { answer: makeMetaPlan, confused: refuseMetaPlan },
  next_action: { answer: chooseNextAction, confused: (why) => ({ thought: why, action: 'stuck', question: '' }) },
  scores: {
    answer: scoreCandidates,
    confused: (_, blocks) => ({ scores: linesOf(blocks, 'candidates').map(() => 0) }),
  },
  critique: { answer: criticisePlan, confused: disagree },
  formal_goal: { answer: (task, blocks, _, messages) => formaliseGoal(task, blocks, messages), confused: ask },
};

/** What is said without a look at any planning problem. */
const PLAIN_RULES: Readonly<Record<string, (blocks: Blocks) => RuleAnswer>> = {
  final_check: judgeConstraints,
  skill_plan: draftPlan,
  understood_request: understandRequest,
  check_verdict: judgeStatement,
};

const EVALUATED = 200_000;

/**
 * Understands the prompts of Praxis and answers them by symbolic search instead of a model: sensible answers for tests
 * and demonstrations that need no accelerator.
 */
export class RuleMaker implements AnswerMaker {
  readonly #train = new TrainOfThought();

  constructor(private readonly options: RuleMakerOptions) {}

  async answer(request: ChatRequest, signal: AbortSignal): Promise<MadeAnswer> {
    const rule = RULES[request.answer?.name ?? ''];
    const blocks = readBlocks(request.messages);
    const plain = PLAIN_RULES[request.answer?.name ?? ''];
    const value = plain ? plain(blocks) : rule && (await this.#follow(rule, blocks, request, signal));
    if (!value) return this.options.otherwise.answer(request, signal);
    return jsonAnswer(fitted(this.#disturbed(value, blocks, request), request.answer!.schema));
  }

  close(): Promise<void> {
    return this.options.otherwise.close();
  }

  async #follow(
    rule: Rule,
    blocks: Blocks,
    { messages }: ChatRequest,
    signal: AbortSignal,
  ): Promise<RuleAnswer | null> {
    const thinking: ModelResult = {
      think: this.options.think,
      evaluated: this.options.evaluated ?? EVALUATED,
      signal,
      train: this.#train,
    };
    try {
      const task = readTask(blocks);
      return task && (await rule.answer(task, blocks, thinking, messages));
    } catch (thrown) {
      if (thrown instanceof PraxisError && thrown.code === 'invalid') return rule.confused(thrown.message, blocks);
      throw thrown;
    }
  }

  #disturbed(value: RuleAnswer, blocks: Blocks, request: ChatRequest): RuleAnswer {
    const { noise = 0, seed } = this.options;
    const key = askedDigest(request);
    if (noise === 0 || !('action' in value) || keyedRandom(seed, 'noise', key) >= noise) return value;
    const others = linesOf(blocks, 'actions')
      .flatMap((line) => termsOf(line).slice(0, 1))
      .filter((text) => text !== value['action']);
    return others.length === 0
      ? value
      : { ...value, thought: 'Why not.', action: keyedChoice(others, seed, 'other', key) };
  }
}

/**
 * The answer in the words of the schema: an action as its list spells it, and nothing that the schema does not know.
 */
function fitted(value: RuleAnswer, schema: JsonSchema): Json {
  const properties = schema['properties'] as { readonly [key: string]: JsonSchema } | undefined;
  if (!properties) return value;
  const kept = Object.entries(value).filter(([key]) => key in properties);
  return Object.fromEntries(kept.map(([key, part]) => [key, spelled(part, properties[key]!['enum'])]));
}

function spelled(part: Json, options: Json | undefined): Json {
  if (typeof part !== 'string' || !Array.isArray(options) || options.includes(part)) return part;
  return (options as readonly Json[]).find((o) => typeof o === 'string' && (termsOf(o)[0] ?? o) === part) ?? part;
}
