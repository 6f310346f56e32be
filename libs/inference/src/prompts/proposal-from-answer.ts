import { actionText, clipText, type Action, type Plan, type PlanNode, type SkillManifest } from '@praxis/core';
import type { MetaPlanAnswer } from './answers.js';
import { toldProblems } from './correction.js';
import { readAction } from './read-action.js';
import { readCondition, type Vocabulary } from './read-literals.js';

/** What a plan is made for. */
export interface ProposalFrame {
  /** Of the plan that is to be; its subgoals are numbered `VERSION.1` and so on. */
  readonly version: number;
  /** Subgoals of the version before that stay. */
  readonly keep: readonly PlanNode[];
  readonly agents: readonly string[];
  readonly skills: readonly SkillManifest[];
  /** Null where the rules of the world are not known. */
  readonly words: Vocabulary | null;
}

/**
 * A plan, questions that come first, or what is wrong with the answer: one sentence for each thing, for the model to
 * mend.
 */
export type PlanProposal =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'questions'; readonly questions: readonly string[] }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/**
 * Translates a model's meta-plan. Nothing is guessed: what does not fit is said, and there is no plan then. Steps are
 * only suggested: where one is not a call that exists, those before it stay.
 */
export function proposalFromAnswer(answer: MetaPlanAnswer, frame: ProposalFrame): PlanProposal {
  const questions = answer.questions.map((q) => q.trim()).filter((q) => q !== '');
  if (answer.subgoals.length === 0) {
    return questions.length > 0
      ? { kind: 'questions', questions }
      : { kind: 'invalid', problems: ['there are neither subgoals nor questions; give one of them'] };
  }
  const problems: string[] = [];
  const nodes = answer.subgoals.map((_, i) => toNode(answer, i, frame, problems));
  return problems.length > 0
    ? { kind: 'invalid', problems }
    : { kind: 'plan', plan: { version: frame.version, nodes: [...frame.keep, ...nodes] } };
}

/** What is wrong with a meta-plan, as `ModelCall.check` wants it. */
export function metaPlanProblems(answer: MetaPlanAnswer, frame: ProposalFrame): readonly string[] {
  const proposal = proposalFromAnswer(answer, frame);
  return proposal.kind === 'invalid' ? toldProblems(proposal.problems) : [];
}

function toNode({ subgoals }: MetaPlanAnswer, index: number, frame: ProposalFrame, problems: string[]): PlanNode {
  const said = subgoals[index]!;
  const complain = (problem: string): void => void problems.push(`subgoal ${index + 1}: ${problem}.`);
  const owner = ownerOf(said.owner, frame.agents);
  if (owner === undefined)
    complain(
      `${said.owner} is not an agent here; there are ${frame.agents.join(', ') || 'none, so that the owner is null'}`,
    );
  const after = [...new Set(said.after)].sort((a, b) => a - b);
  for (const number of after) {
    if (number < 1 || number > index)
      complain(
        number > index && number <= subgoals.length
          ? `it waits for subgoal ${number}, which does not stand before it`
          : `it waits for subgoal ${number}, which does not exist`,
      );
  }
  const { condition, literals, problems: wrong } = readCondition(said.achieves, frame.words);
  for (const problem of wrong) complain(`what it achieves: ${problem}`);
  const steps = readSteps(said.steps, frame);
  return {
    id: `${frame.version}.${index + 1}`,
    title: clipText(said.title.replace(/\s+/g, ' ').trim(), 200) || literals.join(' '),
    pre: [],
    post: condition ?? '',
    after: after.map((number) => `${frame.version}.${number}`),
    owner: owner ?? null,
    lane: 'default',
    steps,
    cost: Math.max(1, steps.length),
  };
}

/** The suggested steps up to the first that is not a call of a skill that there is. */
function readSteps(said: readonly string[], frame: ProposalFrame): Action[] {
  const steps: Action[] = [];
  for (const step of said) {
    const { action } = readAction(step, frame.skills, frame.words?.objects ?? null);
    if (action === null) break;
    steps.push(action);
  }
  return steps;
}

/** A plan in the form in which its model wrote it, without what was kept of older versions. */
export function answerFromPlan(plan: Plan, thought = ''): MetaPlanAnswer {
  const own = plan.nodes.filter((n) => n.id.startsWith(`${plan.version}.`));
  const numberOf = (id: string): number => own.findIndex((n) => n.id === id) + 1;
  return {
    thought,
    subgoals: own.map(({ title, owner, after, post, steps }) => ({
      title,
      owner,
      after: after.map(numberOf).filter((n) => n > 0),
      achieves: post,
      steps: steps.map(actionText),
    })),
    questions: [],
  };
}

/**
 * The agent that is meant; undefined where there is none of that name. Nobody else can be meant where there is only
 * one.
 */
function ownerOf(said: string | null, agents: readonly string[]): string | null | undefined {
  const name = said?.trim() ?? '';
  if (name === '' || name.toLowerCase() === 'null') return agents.length === 1 ? agents[0]! : null;
  return agents.find((a) => a === name) ?? agents.find((a) => a.toLowerCase() === name.toLowerCase());
}
