import { actionText, orderNodes, planningStream, toolsOf, type CallPlace, type Cost, type Effect, type Json, type Plan, type SkillManifest, type WorldState } from '@praxis/core';
import { domainSkills } from '@praxis/actions';
import { SkillCatalogue, answerLine, factLines, failureLine, lessonLine, metaPlanProblems, pinnedPrompts, proposalFromAnswer, skillLine, subgoalLines, type MetaPlanAnswer, type ModelAccess, type PromptHoles, type PromptSet, type ProposalFrame, type ThoughtOrder } from '@praxis/inference';
import { BelievedRules, type ProblemWords } from '@praxis/search';
import type { Thought } from '@praxis/strategy';
import type { ExecutorInfo } from '@praxis/wire';
import { z } from 'zod';
import { skillsOf } from '../rollback/roll-back.js';
import type { PlanningParts, PlanningSubject } from './planning-handlers.js';

type Propose = Extract<Effect, { kind: 'propose' }>;
type DesignOrder = ThoughtOrder<'meta-plan' | 'repair-plan', 'meta_plan'>;

/** What a planning strategy tells a designer. */
const contextSchema = z.object({ problems: z.array(z.string()), critique: z.array(z.string()), answers: z.array(z.tuple([z.string(), z.string()])) });

/** Most skills that a model is told of. */
const SKILLS = 60;

interface DesignerParts {
  readonly subject: PlanningSubject;
  readonly access: ModelAccess;
  readonly prompts: PromptSet;
  readonly skills: readonly SkillManifest[];
  observe(): Promise<WorldState>;
}

/** The designer of a run's plans; null where there is no model to ask. */
export async function designerOf(subject: PlanningSubject, parts: PlanningParts, observe: () => Promise<WorldState>): Promise<PlanDesigner | null> {
  if (!parts.models) return null;
  const { state } = subject;
  const prompts = await pinnedPrompts(state.opened!.prompts ?? {}, parts.models.prompts, parts.store.blobs);
  return new PlanDesigner({ subject, access: parts.models, prompts, skills: await skillsFor(subject, await parts.executor.describe()), observe });
}

/** The skills for a run; a problem of the user's own brings its actions with it. */
async function skillsFor({ run, state: { goal, opened } }: PlanningSubject, info: ExecutorInfo): Promise<readonly SkillManifest[]> {
  const told = info.worlds.find((w) => w.name === goal.world)?.skills ?? [];
  const skills = skillsOf(info, goal.world);
  const own = told.length > 0 ? told : await domainSkills(opened!, `world:${goal.world}`, { turn: run });
  // Who does a world's action in its stead may leave it to the world to say what it takes.
  const declared = skills.filter((s) => !told.includes(s)).map((s) => ({ ...s, parameters: s.parameters.length > 0 ? s.parameters : (own.find((o) => o.name === s.name)?.parameters ?? []) }));
  return [...declared, ...own.filter((o) => declared.every((s) => s.name !== o.name))];
}

/** Has models make a plan, and say what they think of one. */
export class PlanDesigner {
  /** Known once an order has been made, which is before any answer is read. */
  #words: ProblemWords | null = null;

  constructor(private readonly parts: DesignerParts) {}

  /** Plans, or questions that have to be answered first; none, with the reason, where no answer was of use. */
  async propose(effect: Propose, signal: AbortSignal): Promise<Thought & { candidates: readonly Json[]; note: string }> {
    const { answers, problems, spent, call } = await this.parts.access.mind.think(await this.designOrder(effect, signal));
    const candidates = answers.flatMap((answer) => this.read(answer));
    return { candidates, note: problems[0] ?? '', spent, call };
  }

  async estimate(effect: Propose): Promise<Cost> {
    return this.parts.access.mind.estimate(await this.designOrder(effect, new AbortController().signal));
  }

  /** What the team, which sees one world, has against a plan. Where the rules are known a plan with all its steps has been checked better than by opinion. */
  async criticise(id: string, plan: Plan, signal: AbortSignal): Promise<Thought & { violations: readonly string[] }> {
    if (this.isRehearsed(plan)) return { violations: [] };
    const { answers, spent, call } = await this.parts.access.mind.think(await this.critiqueOrder(id, plan, signal));
    return { violations: answers.flatMap((a) => (a.agree ? [] : a.problems)), spent, call };
  }

  async estimateCritique(id: string, plan: Plan): Promise<Cost> {
    if (this.isRehearsed(plan)) return { steps: 0, calls: 0, tokens: 0, money: 0, risk: 0 };
    return this.parts.access.mind.estimate(await this.critiqueOrder(id, plan, new AbortController().signal));
  }

  private isRehearsed(plan: Plan): boolean {
    return this.parts.subject.state.opened!.domain !== '' && plan.nodes.every((n) => n.steps.length > 0);
  }

  private async designOrder(effect: Propose, signal: AbortSignal): Promise<DesignOrder> {
    const { prompts, subject } = this.parts;
    const { problems, critique, answers } = contextSchema.parse(effect.context);
    const { state, reason } = subject;
    const told = { answers: answers.map(([question, answer]) => answerLine(question, answer)), problems: [...problems, ...critique] };
    const known = { ...(await this.known()), ...told };
    const { failures } = state;
    const lost = (state.plan?.nodes ?? []).flatMap((n) => (state.nodes.get(n.id)?.status === 'failed' ? [`${n.title}: ${state.nodes.get(n.id)!.reason}`] : []));
    const values: PromptHoles['meta-plan'] & PromptHoles['repair-plan'] = {
      ...known,
      failures: failures.map(failureLine),
      subgoals: state.plan === null ? [] : subgoalLines(state.plan, (id) => state.nodes.get(id)?.status ?? ''),
      reason: lost.join('; ') || 'all subgoals are done and the goal does not hold',
    };
    return {
      ...this.about(effect.id, signal),
      prompt: prompts.get(reason === 'first' ? 'meta-plan' : 'repair-plan'),
      kind: 'meta_plan',
      values,
      check: (answer) => metaPlanProblems(answer, this.frame()),
      samples: effect.count,
    };
  }

  private async critiqueOrder(id: string, plan: Plan, signal: AbortSignal): Promise<ThoughtOrder<'critique', 'critique'>> {
    const known = await this.known();
    return { ...this.about(id, signal), prompt: this.parts.prompts.get('critique'), kind: 'critique', values: { ...known, agent: 'the team', subgoals: subgoalLines(plan), plan: (orderNodes(plan.nodes) ?? plan.nodes).flatMap((n) => n.steps.map(actionText)) } };
  }

  private about(id: string, signal: AbortSignal) {
    const { run, state, deadline } = this.parts.subject;
    const place: CallPlace = { run, stream: planningStream(run, this.version), urgency: 1, deadline };
    return { place, seed: state.goal.seed, id, models: state.goal.models, signal };
  }

  /** What is known of the world and the goal. */
  private async known() {
    const { subject, skills, observe } = this.parts;
    const { opened } = subject.state;
    const { domain, problem, condition, agents } = opened!;
    const found = new SkillCatalogue(skills).find({ text: subject.state.goal.title, used: [], goal: condition, changes: (await this.words())?.changes ?? new Map(), most: SKILLS });
    return { domain, problem, goal: condition, agents, skills: found.map(skillLine), facts: factLines(await observe()), lessons: toolsOf(subject.state).map(lessonLine) };
  }

  private get version(): number {
    return (this.parts.subject.state.plan?.version ?? 0) + 1;
  }

  /** What an answer proposes, as a strategy reads it. */
  private read(answer: MetaPlanAnswer): readonly Json[] {
    const proposal = proposalFromAnswer(answer, this.frame());
    if (proposal.kind === 'questions') return [{ questions: proposal.questions }];
    return proposal.kind === 'plan' ? [{ plan: proposal.plan, evaluated: 0 } as unknown as Json] : [];
  }

  /** The words of the run's rules; null where the world tells none. */
  private async words(): Promise<ProblemWords | null> {
    const { run, state } = this.parts.subject;
    if (state.opened!.domain === '') return null;
    return (this.#words ??= await new BelievedRules(state.opened!, [], { turn: run }).words());
  }

  private frame(): ProposalFrame {
    const { subject, skills } = this.parts;
    const { state, keep } = subject;
    const kept = (state.plan?.nodes ?? []).filter((n) => keep.includes(n.id));
    return { version: this.version, keep: kept, agents: state.opened!.agents, skills, words: this.#words };
  }
}
