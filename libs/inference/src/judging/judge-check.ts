import type { CallPlace, Cost, KeptThought, ModelRole } from '@praxis/core';
import type { ModelRequest, PromptRunner } from '../model-calls/prompt-runner.js';
import type { PromptSet } from '../prompts/prompt-set.js';

/** A statement about finished work, and what there is to judge it by. */
export interface JudgeRequest {
  readonly statement: string;
  /** Files and outputs, one line each. */
  readonly evidence: readonly string[];
  /** What the person had asked for; empty where nothing was said. */
  readonly request: string;
  /** Independent opinions. */
  readonly votes: number;
  readonly promptRunner: PromptRunner;
  readonly prompts: PromptSet;
  readonly place: CallPlace;
  readonly seed: string;
  readonly models?: Partial<Record<ModelRole, readonly string[]>>;
  readonly signal: AbortSignal;
}

/** Opinions as scores: 1 for yes, 0 for no, a half where the evidence does not tell. */
export interface Judgement {
  readonly scores: readonly number[];
  readonly spent: Cost;
  readonly call: KeptThought;
}

const SCORES = { yes: 1, unclear: 0.5, no: 0 } as const;

/** Has models judge whether evidence shows that a statement is true; no scores where none gave a verdict. */
export async function judgeCheck(request: JudgeRequest): Promise<Judgement> {
  const { answers, spent, call } = await request.promptRunner.run(orderOf(request));
  return { scores: answers.map(({ holds }) => SCORES[holds]), spent, call };
}

/** The most that a judgement can cost. */
export const estimateJudge = (request: JudgeRequest): Cost => request.promptRunner.estimate(orderOf(request));

function orderOf(judged: JudgeRequest): ModelRequest<'check-judge', 'check_verdict'> {
  const { statement, evidence, request, votes, prompts, place, seed, models, signal } = judged;
  return {
    prompt: prompts.get('check-judge'),
    kind: 'check_verdict',
    values: { request, evidence, statement },
    samples: votes,
    place,
    seed,
    id: `judge ${statement}`,
    ...(models && { models }),
    signal,
  };
}
