import { z } from 'zod';
import { actionSchema, actionText, failureSchema, stateSchema, type Action, type CallPlace, type Cost, type Effect, type Json, type ModelRole, type SkillManifest, type Tool, type WorldSession } from '@praxis/core';
import { SkillCatalogue, answerLine, candidateLines, candidatesOf, factLines, failureLine, lessonLine, metaPlanProblems, nextActionProblems, proposalFromAnswer, skillLine, type Mind, type NextActionAnswer, type PromptHoles, type PromptSet, type ProposalFrame, type ThoughtOrder } from '@praxis/inference';
import { PlanningModel } from '@praxis/search';
import { actorCandidateSchema, intentionSchema, type Intention, type Thought } from '@praxis/strategy';
import { NO_HANDS, type Away } from '../hands.js';
import { narrowActions } from './legal-actions.js';

type Propose = Extract<Effect, { kind: 'propose' }>;
type Evaluate = Extract<Effect, { kind: 'evaluate' }>;

/** What a strategy tells an actor. */
const contextSchema = z.object({
  state: stateSchema,
  condition: z.string(),
  owner: z.string().nullable(),
  failures: z.array(failureSchema),
  suggested: z.array(actionSchema),
  memory: z.object({ done: z.array(z.string()), problems: z.array(z.string()) }),
  answers: z.array(z.tuple([z.string(), z.string()])),
  /** What a slower mind thinks should be done. */
  intention: intentionSchema.nullable().default(null),
});
type ActorContext = z.infer<typeof contextSchema>;

/** What a model policy works with, in one subgoal. */
export interface ModelPolicyParts {
  readonly mind: Mind;
  /** Waits for a model without holding a place at work. */
  readonly away?: Away;
  readonly prompts: PromptSet;
  readonly session: WorldSession;
  readonly skills: readonly SkillManifest[];
  /** Rules as the agent believes them; empty where the world tells none. */
  readonly domain: string;
  readonly problem: string;
  readonly agents: readonly string[];
  readonly tools: readonly Tool[];
  readonly title: string;
  readonly place: CallPlace;
  readonly seed: string;
  readonly models: Partial<Record<ModelRole, readonly string[]>>;
}

/** What an actor is asked, and the actions that were legal then. */
interface ActorOrder {
  readonly order: ThoughtOrder<'next-action', 'next_action'>;
  readonly legal: readonly Action[];
}

/** What a model says is untrusted, whatever it has read: alone it decides nothing that cannot be taken back. */
const MODELS_WORDS = ['model'];

/** Most skills that a model is told of. */
const SKILLS = 40;

/** Has models propose the next action of a subgoal, and judge what was proposed. */
export class ModelPolicy {
  readonly #catalogue: SkillCatalogue;
  /** Predicates that each skill may change, where the rules say so. */
  readonly #changes: ReadonlyMap<string, readonly string[]>;
  /** Null where the world tells no rules. */
  readonly #rules: PlanningModel | null;
  /** What was priced and is about to be asked: the world is looked at once for both. */
  readonly #priced = new WeakMap<Propose, ActorOrder>();

  constructor(private readonly parts: ModelPolicyParts) {
    this.#catalogue = new SkillCatalogue(parts.skills);
    this.#rules = parts.domain === '' ? null : new PlanningModel(parts);
    this.#changes = this.#rules?.changes() ?? new Map();
  }

  /** Candidates, equal ones as one, or an intention; none, with the reason, where no answer was of use. */
  async propose(effect: Propose, signal: AbortSignal): Promise<Thought & { candidates: readonly Json[]; note: string }> {
    if (effect.by === 'planner-mind') return this.intend(effect, signal);
    const { order, legal } = this.#priced.get(effect) ?? (await this.actorOrder(effect, signal));
    this.#priced.delete(effect);
    const { answers, problems, spent, call } = await this.away(() => this.parts.mind.think({ ...order, signal }));
    return { candidates: candidatesOf(answers, legal, MODELS_WORDS) as unknown as readonly Json[], note: problems[0] ?? '', spent, call };
  }

  /** What a slower mind would do: a plan of what is left of the subgoal, as one line of steps. */
  private async intend(effect: Propose, signal: AbortSignal): Promise<Thought & { candidates: readonly Json[]; note: string }> {
    const { answers, problems, spent, call } = await this.parts.mind.think(this.mindOrder(effect, signal));
    const found = answers.flatMap((answer) => {
      const proposal = proposalFromAnswer(answer, this.frame());
      return proposal.kind === 'plan' ? [{ actions: proposal.plan.nodes.flatMap((n) => n.steps), conditions: proposal.plan.nodes.map((n) => n.post), why: answer.thought, taint: [...MODELS_WORDS] } satisfies Intention] : [];
    });
    return { candidates: found as unknown as readonly Json[], note: problems[0] ?? '', spent, call };
  }

  /** A score between 0 and 1 for each candidate; all the same where the judge said nothing of use. */
  async evaluate(effect: Evaluate, signal: AbortSignal): Promise<Thought & { scores: readonly number[] }> {
    const { answers, spent, call } = await this.away(() => this.parts.mind.think(this.judgeOrder(effect, signal)));
    return { scores: answers[0]?.scores ?? effect.candidates.map(() => 0.5), spent, call };
  }

  /** What a slower mind thinks meanwhile holds nobody up: the subgoal goes on, and keeps its place. */
  private get away(): Away {
    return this.parts.away ?? NO_HANDS;
  }

  /** The most that a thought can cost. */
  async estimate(effect: Propose | Evaluate): Promise<Cost> {
    const signal = new AbortController().signal;
    if (effect.kind === 'evaluate') return this.parts.mind.estimate(this.judgeOrder(effect, signal));
    if (effect.by === 'planner-mind') return this.parts.mind.estimate(this.mindOrder(effect, signal));
    const made = await this.actorOrder(effect, signal);
    this.#priced.set(effect, made);
    return this.parts.mind.estimate(made.order);
  }

  private async actorOrder(effect: Propose, signal: AbortSignal): Promise<ActorOrder> {
    const { prompts, session, agents, place, seed, models } = this.parts;
    const context = contextSchema.parse(effect.context);
    const legal = narrowActions(await session.legal(), { ...context, agents });
    const order = {
      prompt: prompts.get('next-action'),
      kind: 'next_action' as const,
      values: this.values(context, legal),
      limits: { actions: legal.map(actionText) },
      check: (answer: NextActionAnswer) => nextActionProblems(answer, legal),
      samples: effect.count,
      place,
      seed,
      id: effect.id,
      models,
      signal,
    };
    return { order, legal };
  }

  private values(context: ActorContext, legal: readonly Action[]): PromptHoles['next-action'] {
    const { condition, owner, failures, suggested, memory, answers, state, intention } = context;
    const { domain, problem, agents, title, tools } = this.parts;
    const plan = intention !== null && intention.actions.length > 0 ? intention.actions : suggested;
    return {
      domain,
      skills: this.skillLines(context),
      lessons: tools.map(lessonLine),
      problem,
      agents,
      facts: factLines(state),
      answers: answers.map(([question, answer]) => answerLine(question, answer)),
      done: memory.done,
      problems: memory.problems,
      failures: failures.map(failureLine),
      agent: owner ?? 'the only agent',
      title,
      goal: condition,
      plan: plan.map(actionText),
      actions: legal.map(actionText),
    };
  }

  private skillLines({ condition, suggested }: Pick<ActorContext, 'condition' | 'suggested'>): readonly string[] {
    return this.#catalogue.find({ text: this.parts.title, used: suggested.map((a) => a.skill), goal: condition, changes: this.#changes, most: SKILLS }).map(skillLine);
  }

  private mindOrder({ id, context: told }: Propose, signal: AbortSignal): ThoughtOrder<'meta-plan', 'meta_plan'> {
    const { prompts, domain, problem, agents, tools, place, seed, models } = this.parts;
    const context = contextSchema.parse(told);
    const { condition, owner, state, memory, answers } = context;
    const values = { domain, problem, agents: owner === null ? agents : [owner], goal: condition, skills: this.skillLines(context), lessons: tools.map(lessonLine), facts: factLines(state), problems: memory.problems, answers: answers.map(([question, answer]) => answerLine(question, answer)) };
    return { prompt: prompts.get('meta-plan'), kind: 'meta_plan', values, check: (answer) => metaPlanProblems(answer, this.frame()), place, seed, id, models, signal };
  }

  private frame(): ProposalFrame {
    const { agents, skills } = this.parts;
    return { version: 1, keep: [], agents, skills, words: this.#rules?.words() ?? null };
  }

  private judgeOrder({ id, candidates, context }: Evaluate, signal: AbortSignal): ThoughtOrder<'judge', 'scores'> {
    const { prompts, domain, problem, place, seed, models } = this.parts;
    const { condition, state, failures, memory } = contextSchema.parse(context);
    const texts = candidates.map((candidate) => {
      const read = actorCandidateSchema.parse(candidate);
      return read.kind === 'act' ? actionText(read.action) : read.kind;
    });
    return {
      prompt: prompts.get('judge'),
      kind: 'scores',
      values: { domain, problem, facts: factLines(state), done: memory.done, failures: failures.map(failureLine), goal: condition, candidates: candidateLines(texts) },
      limits: { count: candidates.length },
      check: ({ scores }) => (scores.length === candidates.length ? [] : [`give ${candidates.length} scores, one for each candidate`]),
      place,
      seed,
      id,
      models,
      signal,
    };
  }
}
