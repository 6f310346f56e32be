import { z } from 'zod';
import {
  actionSchema,
  actionText,
  permanentFailure,
  stateSchema,
  toldFailureSchema,
  type CallPlace,
  type Cost,
  type Effect,
  type Json,
  type ModelRole,
  type Rules,
  type SkillManifest,
  type Tool,
  type WorldState,
} from '@praxis/core';
import {
  SkillCatalogue,
  answerLine,
  candidateLines,
  candidatesOf,
  factLines,
  failureLine,
  lessonLine,
  metaPlanProblems,
  nextActionProblems,
  proposalFromAnswer,
  shownProblem,
  skillLine,
  type PromptRunner,
  type NextActionAnswer,
  type PromptHoles,
  type PromptSet,
  type ProposalFrame,
  type ModelRequest,
} from '@praxis/inference';
import { BelievedRules, type ProblemWords } from '@praxis/search';
import { actorCandidateSchema, intentionSchema, type Intention, type Thought } from '@praxis/strategy';
import { NO_HANDS, type Away } from '../subgoal/hands.js';
import type { Choices, Offer } from './choices.js';
import type { SkillActor } from './skill-actor.js';
import { narrowActions, type Narrowed } from './legal-actions.js';

type Propose = Extract<Effect, { kind: 'propose' }>;
type Evaluate = Extract<Effect, { kind: 'evaluate' }>;

/** What a strategy tells an actor. */
const contextSchema = z.object({
  state: stateSchema,
  condition: z.string(),
  owner: z.string().nullable(),
  failures: z.array(toldFailureSchema),
  suggested: z.array(actionSchema),
  memory: z.object({ done: z.array(z.string()), problems: z.array(z.string()) }),
  answers: z.array(z.tuple([z.string(), z.string()])),
  /** What skills outside the world answered, one line for each call. */
  results: z.array(z.string()).default([]),
  /** What a slower mind thinks should be done. */
  intention: intentionSchema.nullable().default(null),
});
type ActorContext = z.infer<typeof contextSchema>;

/** What a model policy works with, in one subgoal. */
export interface ModelPolicyParts {
  readonly promptRunner: PromptRunner;
  /** Waits for a model without holding a place at work. */
  readonly away?: Away;
  readonly prompts: PromptSet;
  readonly skills: readonly SkillManifest[];
  /** What may be chosen as the world is now. */
  readonly choices: Pick<Choices, 'now'>;
  /** Rules as the agent believes them; null where the world tells none. */
  readonly rules: Rules | null;
  readonly agents: readonly string[];
  readonly tools: readonly Tool[];
  /** Skills that the rules deny. */
  readonly denied?: readonly string[];
  readonly title: string;
  /** What the person asked for, in their own words, and what of it is about how; empty where nothing was said. */
  readonly request: string;
  readonly constraints: readonly string[];
  readonly place: CallPlace;
  readonly seed: string;
  readonly models: Partial<Record<ModelRole, readonly string[]>>;
  /** Proposes calls of skills, in a world of files without rules; null in all others. */
  readonly actor?: SkillActor | null;
}

/** What an actor is asked, and what could be chosen then. */
interface ActorOrder {
  readonly order: ModelRequest<'next-action', 'next_action'>;
  readonly offer: Offer;
}

/** What a model says is untrusted, whatever it has read: alone it decides nothing that cannot be taken back. */
const MODELS_WORDS = ['model'];

/** Most skills that a model is told of. */
const SKILLS = 40;

/** Has models propose the next action of a subgoal, and judge what was proposed. */
export class ModelPolicy {
  readonly #catalogue: SkillCatalogue;
  /** Null where the world tells no rules. */
  readonly #rules: BelievedRules | null;
  /** The words of the rules, once they were asked for: before anything else is done. */
  #words: ProblemWords | null = null;
  /** What was priced and is about to be asked: the world is looked at once for both. */
  readonly #priced = new WeakMap<Propose, ActorOrder>();

  constructor(private readonly parts: ModelPolicyParts) {
    this.#catalogue = new SkillCatalogue(parts.skills);
    this.#rules = parts.rules && new BelievedRules(parts.rules, [], { turn: parts.place.run });
  }

  /** Candidates, equal ones as one, or an intention; none, with the reason, where no answer was of use. */
  async propose(
    effect: Propose,
    signal: AbortSignal,
  ): Promise<Thought & { candidates: readonly Json[]; note: string }> {
    if (effect.by === 'planner-mind') return this.intend(effect, signal);
    const { actor } = this.parts;
    if (actor) return this.away(() => actor.propose(effect, signal));
    const { order, offer } = this.#priced.get(effect) ?? (await this.actorOrder(effect, signal));
    this.#priced.delete(effect);
    const { answers, problems, spent, call } = await this.away(() => this.parts.promptRunner.run({ ...order, signal }));
    return {
      candidates: candidatesOf(answers, offer.legal, MODELS_WORDS, offer.calls) as unknown as readonly Json[],
      note: problems[0] ?? '',
      spent,
      call,
    };
  }

  /** What a slower mind would do: a plan of what is left of the subgoal, as one line of steps. */
  private async intend(
    effect: Propose,
    signal: AbortSignal,
  ): Promise<Thought & { candidates: readonly Json[]; note: string }> {
    const { answers, problems, spent, call } = await this.parts.promptRunner.run(
      await this.modelRequest(effect, signal),
    );
    const found = answers.flatMap((answer) => {
      const proposal = proposalFromAnswer(answer, this.frame());
      return proposal.kind === 'plan'
        ? [
            {
              actions: proposal.plan.nodes.flatMap((n) => n.steps),
              conditions: proposal.plan.nodes.map((n) => n.post),
              why: answer.thought,
              taint: [...MODELS_WORDS],
            } satisfies Intention,
          ]
        : [];
    });
    return { candidates: found as unknown as readonly Json[], note: problems[0] ?? '', spent, call };
  }

  /** A score between 0 and 1 for each candidate; all the same where the judge said nothing of use. */
  async evaluate(effect: Evaluate, signal: AbortSignal): Promise<Thought & { scores: readonly number[] }> {
    const { answers, spent, call } = await this.away(() =>
      this.parts.promptRunner.run(this.judgeOrder(effect, signal)),
    );
    return { scores: answers[0]?.scores ?? effect.candidates.map(() => 0.5), spent, call };
  }

  /** What a slower mind thinks meanwhile holds nobody up: the subgoal goes on, and keeps its place. */
  private get away(): Away {
    return this.parts.away ?? NO_HANDS;
  }

  /** The most that a thought can cost. */
  async estimate(effect: Propose | Evaluate): Promise<Cost> {
    const signal = new AbortController().signal;
    if (effect.kind === 'evaluate') return this.parts.promptRunner.estimate(this.judgeOrder(effect, signal));
    if (effect.by === 'planner-mind') return this.parts.promptRunner.estimate(await this.modelRequest(effect, signal));
    if (this.parts.actor) return this.parts.actor.estimate(effect);
    const made = await this.actorOrder(effect, signal);
    this.#priced.set(effect, made);
    return this.parts.promptRunner.estimate(made.order);
  }

  private async actorOrder(effect: Propose, signal: AbortSignal): Promise<ActorOrder> {
    const { prompts, choices, agents, place, seed, models, denied = [] } = this.parts;
    const context = contextSchema.parse(effect.context);
    await this.learnWords();
    const { legal, calls } = await choices.now(context.state, signal);
    const open = legal.filter((a) => !denied.includes(a.skill) && permanentFailure(context.failures, a) === undefined);
    const narrowed = narrowActions(open, { ...context, agents });
    const offer: Offer = { legal: narrowed.own, calls: calls.filter((skill) => !denied.includes(skill.name)) };
    const order = {
      prompt: prompts.get('next-action'),
      kind: 'next_action' as const,
      values: this.values(context, narrowed, offer.calls),
      limits: { actions: narrowed.shown.map(actionText), calls: callableNames(narrowed, offer.calls) },
      check: (answer: NextActionAnswer) => nextActionProblems(answer, offer.legal, offer.calls),
      samples: effect.count,
      place,
      seed,
      id: effect.id,
      models,
      signal,
    };
    return { order, offer };
  }

  private values(
    context: ActorContext,
    { shown, notes }: Narrowed,
    calls: readonly SkillManifest[],
  ): PromptHoles['next-action'] {
    const { condition, owner, failures, suggested, memory, answers, results, state, intention } = context;
    const { agents, title, tools, request, constraints } = this.parts;
    const plan = intention !== null && intention.actions.length > 0 ? intention.actions : suggested;
    return {
      domain: this.domain,
      skills: this.skillLines(context),
      lessons: tools.map(lessonLine),
      request,
      constraints,
      problem: this.problem(state),
      agents,
      facts: factLines(state),
      answers: answers.map(([question, answer]) => answerLine(question, answer)),
      done: memory.done,
      results,
      problems: [...memory.problems, ...notes],
      failures: failures.map(failureLine),
      agent: owner ?? 'the only agent',
      title,
      goal: condition,
      plan: plan.map(actionText),
      actions: shown.map(actionText),
      calls: this.fitting(context, calls).map(skillLine),
    };
  }

  /** The rules as a prompt shows them: nothing where the world tells none. */
  private get domain(): string {
    return this.parts.rules?.domain ?? '';
  }

  /** The objects, with what no action changes and the facts do not tell; the world as it is stands in the facts. */
  private problem({ facts }: WorldState): string {
    const changing = this.#words === null ? null : new Set([...this.#words.changes.values()].flat());
    return shownProblem(this.parts.rules?.problem ?? '', { now: { changing, facts: new Set(facts) } });
  }

  private skillLines(context: Pick<ActorContext, 'condition' | 'suggested'>): readonly string[] {
    return this.found(this.#catalogue, context).map(skillLine);
  }

  /** The skills that fit the subgoal, where there are more than a model is told of. */
  private fitting(
    context: Pick<ActorContext, 'condition' | 'suggested'>,
    skills: readonly SkillManifest[],
  ): readonly SkillManifest[] {
    return skills.length <= SKILLS ? skills : this.found(new SkillCatalogue(skills), context);
  }

  private found(
    catalogue: SkillCatalogue,
    { condition, suggested }: Pick<ActorContext, 'condition' | 'suggested'>,
  ): readonly SkillManifest[] {
    return catalogue.find({
      text: this.parts.title,
      used: suggested.map((a) => a.skill),
      goal: condition,
      changes: this.#words?.changes ?? new Map(),
      most: SKILLS,
    });
  }

  private async modelRequest(
    { id, context: told }: Propose,
    signal: AbortSignal,
  ): Promise<ModelRequest<'meta-plan', 'meta_plan'>> {
    await this.learnWords();
    const { prompts, agents, tools, request, constraints, place, seed, models } = this.parts;
    const context = contextSchema.parse(told);
    const { condition, owner, state, memory, answers, results } = context;
    const values = {
      domain: this.domain,
      problem: this.problem(state),
      request,
      constraints,
      agents: owner === null ? agents : [owner],
      goal: condition,
      skills: this.skillLines(context),
      lessons: tools.map(lessonLine),
      facts: factLines(state),
      results,
      problems: memory.problems,
      answers: answers.map(([question, answer]) => answerLine(question, answer)),
    };
    return {
      prompt: prompts.get('meta-plan'),
      kind: 'meta_plan',
      values,
      check: (answer) => metaPlanProblems(answer, this.frame()),
      place,
      seed,
      id,
      models,
      signal,
    };
  }

  private frame(): ProposalFrame {
    const { agents, skills } = this.parts;
    return { version: 1, keep: [], agents, skills, words: this.#words };
  }

  private async learnWords(): Promise<void> {
    this.#words ??= (await this.#rules?.words()) ?? null;
  }

  private judgeOrder({ id, candidates, context }: Evaluate, signal: AbortSignal): ModelRequest<'judge', 'scores'> {
    const { prompts, request, constraints, place, seed, models } = this.parts;
    const { condition, state, failures, memory, results } = contextSchema.parse(context);
    const texts = candidates.map((candidate) => {
      const read = actorCandidateSchema.parse(candidate);
      return read.kind === 'act' ? actionText(read.action) : read.kind;
    });
    return {
      prompt: prompts.get('judge'),
      kind: 'scores',
      values: {
        domain: this.domain,
        problem: this.problem(state),
        request,
        constraints,
        facts: factLines(state),
        done: memory.done,
        results,
        failures: failures.map(failureLine),
        goal: condition,
        candidates: candidateLines(texts),
      },
      limits: { count: candidates.length },
      check: ({ scores }) =>
        scores.length === candidates.length ? [] : [`give ${candidates.length} scores, one for each candidate`],
      place,
      seed,
      id,
      models,
      signal,
    };
  }
}

/**
 * Skills whose calls a model may write itself: those with free arguments, and those of which not all actions are shown.
 */
function callableNames({ shown, own }: Narrowed, calls: readonly SkillManifest[]): readonly string[] {
  const cut = shown.length < own.length ? own.map((a) => a.skill) : [];
  return [...new Set([...calls.map((s) => s.name), ...cut])];
}
