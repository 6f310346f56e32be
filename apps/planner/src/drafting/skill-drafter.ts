import { laneOf } from '@praxis/actions';
import {
  ASK_PERSON,
  callDigest,
  nextPlanVersion,
  planningStream,
  skillOfFailure,
  toolsOf,
  type Cost,
  type Effect,
  type Json,
  type Output,
  type PlanNode,
  type Playbook,
  type SkillManifest,
} from '@praxis/core';
import {
  SkillCatalogue,
  answerLine,
  conditionLines,
  failureLine,
  lessonLine,
  signatureLine,
  toldProblems,
  valueText,
  type ModelAccess,
  type ModelRequest,
  type PromptSet,
  type SkillPlanAnswer,
} from '@praxis/inference';
import { compilePlaybook } from '@praxis/playbooks';
import type { Thought } from '@praxis/strategy';
import { designContextSchema } from '../planning/design-context.js';
import type { PlanningSubject } from '../planning/planning-subject.js';
import { draftOf, readDraft, type DraftFrame, type ReadDraft } from './read-draft.js';

type Propose = Extract<Effect, { kind: 'propose' }>;

/** Most skills that a model is told of, and how much of a value it is shown, in characters. */
const SKILLS = 40;
const SHOWN = 600;

/** Whose plan is drafted, and with what. */
export interface DrafterParts {
  readonly subject: PlanningSubject;
  readonly access: ModelAccess;
  readonly prompts: PromptSet;
  /** All that live executors offer; those that are denied are left out. */
  readonly skills: readonly SkillManifest[];
}

/**
 * Has a model write all steps of a goal as calls of skills: a playbook that is made for this run alone.
 *
 * skill-drafter.1 Nothing that a model drafts is planned before it is read without a problem (read-draft).
 * skill-drafter.2 What is done stays, and what it gave can be referred to.
 * skill-drafter.3 A step of which something was refused for good is not planned again as it was.
 */
export class SkillDrafter {
  constructor(private readonly parts: DrafterParts) {}

  /** A plan, or a question that has to be answered first; none, with the reason, where no answer was of use. */
  async propose(
    effect: Propose,
    signal: AbortSignal,
  ): Promise<Thought & { readonly candidates: readonly Json[]; readonly note: string }> {
    const order = this.order(effect, signal);
    const { answers, problems, spent, call } = await this.parts.access.promptRunner.run(order);
    const read = answers.map((answer) => this.read(answer));
    const notes = [problems[0] ?? '', ...read.map(({ note }) => note)].filter((note) => note !== '');
    return { candidates: read.flatMap(({ candidates }) => candidates), note: notes.join(' '), spent, call };
  }

  async estimate(effect: Propose): Promise<Cost> {
    return this.parts.access.promptRunner.estimate(this.order(effect, new AbortController().signal));
  }

  private read(answer: SkillPlanAnswer): { readonly candidates: readonly Json[]; readonly note: string } {
    if (answer.kind === 'ask') return { candidates: [{ questions: [answer.question] }], note: '' };
    if (answer.kind === 'cannot')
      return { candidates: [], note: `a model says why it cannot be done: ${answer.question}` };
    const draft = this.draft(answer);
    if ('problems' in draft) return { candidates: [], note: draft.problems.join('; ') };
    const { state } = this.parts.subject;
    const version = nextPlanVersion(state);
    const manifests = new Map(this.parts.skills.map((s) => [s.name, s]));
    const made = compilePlaybook(draft.playbook, {
      version,
      manifest: (skill) => manifests.get(skill) ?? null,
      lane: (skill) => laneOf([manifests.get(skill)].filter((m): m is SkillManifest => m !== undefined)),
    });
    const nodes = [...this.kept, ...made.map((node) => this.afterKept(node))];
    return {
      candidates: [{ plan: { version, nodes }, evaluated: 0, thought: answer.thought } as unknown as Json],
      note: '',
    };
  }

  /** What refers to a kept step waits for it, in case it is still under way (skill-drafter.2). */
  private afterKept(node: PlanNode): PlanNode {
    const used = new Set(node.uses ?? []);
    const before = this.kept.filter(({ gives = [] }) => gives.some(({ name }) => used.has(name))).map(({ id }) => id);
    return { ...node, after: [...before, ...node.after] };
  }

  private get kept(): readonly PlanNode[] {
    const { state, keep } = this.parts.subject;
    return (state.plan?.nodes ?? []).filter((n) => keep.includes(n.id));
  }

  private get frame(): DraftFrame {
    const { goal, outputs } = this.parts.subject.state;
    const given = this.kept.flatMap(({ gives = [] }) => gives.map(({ name }) => name));
    const shown = Object.values(outputs).flatMap(({ taint }) => taint);
    return {
      title: goal.title,
      known: [...new Set([...Object.keys(goal.inputs), ...Object.keys(outputs), ...given])],
      skills: this.skills,
      taint: [...new Set(['model', ...shown])].sort(),
    };
  }

  /** A model that wants to ask does so by its answer, not by a step. */
  private get skills(): readonly SkillManifest[] {
    const denied = this.parts.subject.state.opened!.denied ?? [];
    return this.parts.skills.filter(({ name }) => name !== ASK_PERSON && !denied.includes(name));
  }

  private order(effect: Propose, signal: AbortSignal): ModelRequest<'draft-plan', 'skill_plan'> {
    const { subject, prompts } = this.parts;
    const { run, state, deadline } = subject;
    const { goal, opened, failures, outputs } = state;
    const { problems, critique, answers, last } = designContextSchema.parse(effect.context);
    const lines = conditionLines(opened!.condition, opened!.checks ?? {});
    const found = new SkillCatalogue(this.skills).find({
      text: `${goal.title} ${goal.request} ${lines.join(' ')}`,
      used: [],
      goal: opened!.condition,
      changes: new Map(),
      most: SKILLS,
    });
    const lost = (state.plan?.nodes ?? []).flatMap((n) =>
      state.nodes.get(n.id)?.status === 'failed' ? [state.nodes.get(n.id)!.reason] : [],
    );
    const done = last === null ? [] : last.plan.nodes.flatMap((n) => (this.kept.includes(n) ? [] : (n.script ?? [])));
    return {
      prompt: prompts.get('draft-plan'),
      kind: 'skill_plan',
      values: {
        skills: found.map(signatureLine),
        request: goal.request,
        constraints: opened!.constraints ?? [],
        title: goal.title,
        goal: lines,
        inputs: Object.entries(goal.inputs).map(([name, value]) => `$${name} = ${valueText(value, SHOWN)}`),
        lessons: toolsOf(state).map(lessonLine),
        answers: answers.map(([question, answer]) => answerLine(question, answer)),
        done: Object.entries(outputs).map(([name, output]) => `$${name} = ${outputText(output)}`),
        failures: [...lost, ...failures.map(failureLine)],
        problems: last === null ? toldProblems([...problems, ...critique]) : [],
      },
      check: (answer) => this.problemsOf(answer),
      ...(last && {
        correction: {
          answer: JSON.stringify({ thought: last.thought ?? '', kind: 'plan', steps: draftOf(done), question: '' }),
          problems: [...problems, ...critique],
        },
      }),
      place: { run, stream: planningStream(run, nextPlanVersion(state)), urgency: 1, deadline },
      seed: goal.seed,
      id: effect.id,
      models: goal.models,
      samples: effect.count,
      signal,
    };
  }

  private problemsOf(answer: SkillPlanAnswer): readonly string[] {
    if (answer.kind !== 'plan')
      return answer.question.trim() === ''
        ? ['"question" is empty; say there what to ask, or why it cannot be done']
        : [];
    const draft = this.draft(answer);
    return 'problems' in draft ? toldProblems(draft.problems) : [];
  }

  private draft(answer: SkillPlanAnswer): ReadDraft {
    const draft = readDraft(answer, this.frame);
    const again = 'playbook' in draft ? this.refusedAgain(draft.playbook) : [];
    return again.length === 0 ? draft : { problems: again };
  }

  /** Steps that failed because something of them is refused for good, written once more as they were (skill-drafter.3). */
  private refusedAgain({ steps }: Playbook): readonly string[] {
    const { plan, nodes, failures } = this.parts.subject.state;
    const lost = (plan?.nodes ?? []).filter((n) => nodes.get(n.id)?.status === 'failed').flatMap((n) => n.script ?? []);
    const made = new Set(steps.map(callDigest));
    return lost
      .filter((step) => made.has(callDigest(step)))
      .flatMap((step) => {
        const refused = failures.find((f) => (f.permanent || f.code === 'denied') && skillOfFailure(f) === step.do);
        return refused === undefined
          ? []
          : [`step ${step.id} was refused: ${refused.reason ?? refused.code}; leave it out, or do it otherwise`];
      });
  }
}

function outputText({ value, artifacts }: Output): string {
  const files = artifacts.length === 0 ? '' : ` (files: ${artifacts.map(({ name }) => name).join(', ')})`;
  return `${valueText(value, SHOWN)}${files}`;
}
