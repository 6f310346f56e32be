import {
  actionText,
  nextPlanVersion,
  orderNodes,
  planningStream,
  toolsOf,
  rulesIn,
  type CallPlace,
  type Cost,
  type Effect,
  type Json,
  type Plan,
  type SkillManifest,
  type ToldFailure,
  type WorldState,
} from '@praxis/core';
import {
  SkillCatalogue,
  answerFromPlan,
  answerLine,
  factLines,
  failureLine,
  lessonLine,
  metaPlanProblems,
  pinnedPrompts,
  proposalFromAnswer,
  shownProblem,
  skillLine,
  subgoalLines,
  toldProblems,
  type MetaPlanAnswer,
  type ModelAccess,
  type PromptHoles,
  type PromptSet,
  type ProposalFrame,
  type ModelRequest,
} from '@praxis/inference';
import { domainSkills, guardsOf } from '@praxis/actions';
import { BelievedRules, type ProblemWords } from '@praxis/search';
import type { Thought } from '@praxis/strategy';
import type { ExecutorInfo } from '@praxis/wire';
import { skillsOf } from '../rollback/roll-back.js';
import { cutSuggestions, rehearse, type RehearsalFrame } from './rehearse.js';
import { designContextSchema } from './design-context.js';
import type { PlanningParts, PlanningSubject } from './planning-subject.js';
import { toldFailures } from './told-failures.js';

type Propose = Extract<Effect, { kind: 'propose' }>;
type DesignOrder = ModelRequest<'meta-plan' | 'repair-plan', 'meta_plan'>;

/** Most skills that a model is told of. */
const SKILLS = 60;

interface DesignerParts {
  readonly subject: PlanningSubject;
  readonly access: ModelAccess;
  readonly prompts: PromptSet;
  readonly skills: readonly SkillManifest[];
  observe(): Promise<WorldState>;
  /** What failed in the run so far, as far as it is worth telling. */
  failures(): Promise<readonly ToldFailure[]>;
}

/** The designer of a run's plans; null where there is no model to ask. */
export async function designerOf(
  subject: PlanningSubject,
  parts: PlanningParts,
  observe: () => Promise<WorldState>,
): Promise<PlanDesigner | null> {
  if (!parts.models) return null;
  const { state } = subject;
  const prompts = await pinnedPrompts(state.opened!.prompts ?? {}, parts.models.prompts, parts.store.blobs);
  return new PlanDesigner({
    subject,
    access: parts.models,
    prompts,
    skills: await skillsFor(subject, await parts.executor.describe()),
    observe,
    failures: async () => toldFailures({ run: subject.run, state, world: await observe() }, parts.store.journal),
  });
}

/** The skills for a run; a problem of the user's own brings its actions with it. */
async function skillsFor(
  { run, state: { goal, opened } }: PlanningSubject,
  info: ExecutorInfo,
): Promise<readonly SkillManifest[]> {
  const told = info.worlds.find((w) => w.name === goal.world)?.skills ?? [];
  const skills = skillsOf(info, goal.world);
  const own = told.length > 0 ? told : await domainSkills(opened!, `world:${goal.world}`, { turn: run });
  // Who does a world's action in its stead may leave it to the world to say what it takes.
  const declared = skills
    .filter((s) => !told.includes(s))
    .map((s) => ({
      ...s,
      parameters: s.parameters.length > 0 ? s.parameters : (own.find((o) => o.name === s.name)?.parameters ?? []),
    }));
  const all = [...declared, ...own.filter((o) => declared.every((s) => s.name !== o.name))];
  return all.filter((s) => opened!.denied?.includes(s.name) !== true);
}

/** Has models make a plan, and say what they think of one. */
export class PlanDesigner {
  /** Known once an order has been made, which is before any answer is read. */
  #words: ProblemWords | null = null;

  constructor(private readonly parts: DesignerParts) {}

  /** Plans, or questions that have to be answered first; none, with the reason, where no answer was of use. */
  async propose(
    effect: Propose,
    signal: AbortSignal,
  ): Promise<Thought & { candidates: readonly Json[]; note: string }> {
    const { answers, problems, spent, call } = await this.parts.access.promptRunner.run(
      await this.designOrder(effect, signal),
    );
    const read = await Promise.all(answers.map((answer) => this.read(answer)));
    const notes = [problems[0] ?? '', ...read.map(({ note }) => note)].filter((note) => note !== '');
    return { candidates: read.flatMap(({ candidates }) => candidates), note: notes.join(' '), spent, call };
  }

  async estimate(effect: Propose): Promise<Cost> {
    return this.parts.access.promptRunner.estimate(await this.designOrder(effect, new AbortController().signal));
  }

  /**
   * What the team, which sees one world, has against a plan. Where the rules are known a plan with all its steps has
   * been checked better than by opinion.
   */
  async criticise(id: string, plan: Plan, signal: AbortSignal): Promise<Thought & { violations: readonly string[] }> {
    if (await this.isRehearsed(plan)) return { violations: [] };
    const { answers, spent, call } = await this.parts.access.promptRunner.run(
      await this.critiqueOrder(id, plan, signal),
    );
    return { violations: toldProblems(answers.flatMap((a) => (a.agree ? [] : a.problems))), spent, call };
  }

  async estimateCritique(id: string, plan: Plan): Promise<Cost> {
    if (await this.isRehearsed(plan)) return { steps: 0, calls: 0, tokens: 0, money: 0, risk: 0 };
    return this.parts.access.promptRunner.estimate(await this.critiqueOrder(id, plan, new AbortController().signal));
  }

  private async isRehearsed(plan: Plan): Promise<boolean> {
    const frame = await this.rehearsal();
    return frame !== null && (await rehearse(plan, frame)).kind === 'reached';
  }

  /** The rules as the run believes them, and where a plan begins; null where the world tells none. */
  private async rehearsal(): Promise<RehearsalFrame | null> {
    const { subject, skills, observe } = this.parts;
    const { run, state } = subject;
    const told = rulesIn(state.opened!);
    if (told === null) return null;
    const rules = new BelievedRules(told, guardsOf(state.opened!.tools), { turn: run });
    return { run: state, from: await observe(), rules, outside: skills.map((s) => s.name) };
  }

  private async designOrder(effect: Propose, signal: AbortSignal): Promise<DesignOrder> {
    const { prompts, subject } = this.parts;
    const { problems, critique, answers, last } = designContextSchema.parse(effect.context);
    const { state, reason } = subject;
    const told = {
      answers: answers.map(([question, answer]) => answerLine(question, answer)),
      problems: last === null ? toldProblems([...problems, ...critique]) : [],
    };
    const known = { ...(await this.known()), ...told };
    const failures = await this.parts.failures();
    const lost = (state.plan?.nodes ?? []).flatMap((n) =>
      state.nodes.get(n.id)?.status === 'failed' ? [`${n.title}: ${state.nodes.get(n.id)!.reason}`] : [],
    );
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
      ...(last && {
        correction: {
          answer: JSON.stringify(answerFromPlan(last.plan, last.thought)),
          problems: [...problems, ...critique],
        },
      }),
      samples: effect.count,
    };
  }

  private async critiqueOrder(
    id: string,
    plan: Plan,
    signal: AbortSignal,
  ): Promise<ModelRequest<'critique', 'critique'>> {
    const known = await this.known();
    return {
      ...this.about(id, signal),
      prompt: this.parts.prompts.get('critique'),
      kind: 'critique',
      values: {
        ...known,
        agent: 'the team',
        subgoals: subgoalLines(plan),
        plan: (orderNodes(plan.nodes) ?? plan.nodes).flatMap((n) => n.steps.map(actionText)),
      },
    };
  }

  private about(id: string, signal: AbortSignal) {
    const { run, state, deadline } = this.parts.subject;
    const place: CallPlace = { run, stream: planningStream(run, this.version), urgency: 1, deadline };
    return { place, seed: state.goal.seed, id, models: state.goal.models, signal };
  }

  /** What is known of the world and the goal. */
  private async known() {
    const { subject, skills, observe } = this.parts;
    const { goal, opened } = subject.state;
    const { domain, problem, condition, constraints = [], agents } = opened!;
    const changes = (await this.words())?.changes ?? new Map<string, readonly string[]>();
    const state = await observe();
    // Once something was done, the initial state is not the world as it is.
    const now =
      subject.state.steps === 0
        ? null
        : { changing: domain === '' ? null : new Set([...changes.values()].flat()), facts: new Set(state.facts) };
    const found = new SkillCatalogue(skills).find({
      text: goal.title,
      used: [],
      goal: condition,
      changes,
      most: SKILLS,
    });
    return {
      domain,
      problem: shownProblem(problem, { now }),
      request: goal.request,
      constraints,
      goal: condition,
      agents,
      skills: found.map(skillLine),
      facts: factLines(state),
      results: subject.state.heard.map(({ action, text }) => `${action} -> ${text}`),
      lessons: toolsOf(subject.state).map(lessonLine),
    };
  }

  private get version(): number {
    return nextPlanVersion(this.parts.subject.state);
  }

  /** What an answer proposes, as a strategy reads it; suggested steps are cut where they cannot be done. */
  private async read(answer: MetaPlanAnswer): Promise<{ readonly candidates: readonly Json[]; readonly note: string }> {
    const proposal = proposalFromAnswer(answer, this.frame());
    if (proposal.kind === 'questions') return { candidates: [{ questions: proposal.questions }], note: '' };
    if (proposal.kind === 'invalid') return { candidates: [], note: '' };
    const frame = await this.rehearsal();
    const { plan, note } =
      frame === null ? { plan: proposal.plan, note: '' } : await cutSuggestions(proposal.plan, frame);
    return { candidates: [{ plan, evaluated: 0, thought: answer.thought } as unknown as Json], note };
  }

  /** The words of the run's rules; null where the world tells none. */
  private async words(): Promise<ProblemWords | null> {
    const { run, state } = this.parts.subject;
    const rules = rulesIn(state.opened!);
    if (rules === null) return null;
    return (this.#words ??= await new BelievedRules(rules, [], { turn: run }).words());
  }

  private frame(): ProposalFrame {
    const { subject, skills } = this.parts;
    const { state, keep } = subject;
    const kept = (state.plan?.nodes ?? []).filter((n) => keep.includes(n.id));
    return { version: this.version, keep: kept, agents: state.opened!.agents, skills, words: this.#words };
  }
}
