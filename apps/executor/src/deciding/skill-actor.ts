import {
  ASK_PERSON,
  actionSchema,
  actionText,
  inputSchemaOf,
  permanentFailure,
  toldFailureSchema,
  type ArtifactRef,
  type CallPlace,
  type Checks,
  type Cost,
  type Effect,
  type Json,
  type ModelRole,
  type Outputs,
  type SkillManifest,
  type Tool,
} from '@praxis/core';
import {
  ASK,
  SKILLS_AT_MOST,
  STUCK,
  SkillCatalogue,
  answerLine,
  conditionLines,
  failureLine,
  lessonLine,
  valueText,
  type ChoiceBranch,
  type PromptRunner,
  type PromptSet,
  type SkillChoice,
  type SkillRequest,
} from '@praxis/inference';
import type { Thought } from '@praxis/strategy';
import { z } from 'zod';
import { referable } from './referable-schema.js';

type Propose = Extract<Effect, { kind: 'propose' }>;

/** What an actor works with where only skills say what can be done. */
export interface SkillActorParts {
  readonly promptRunner: PromptRunner;
  readonly prompts: PromptSet;
  readonly skills: readonly SkillManifest[];
  readonly denied: readonly string[];
  readonly title: string;
  readonly request: string;
  readonly constraints: readonly string[];
  readonly checks: Checks;
  readonly inputs: Outputs;
  readonly tools: readonly Tool[];
  /** The files that are there now. */
  files(): Promise<readonly ArtifactRef[]>;
  readonly place: CallPlace;
  readonly seed: string;
  readonly models: Partial<Record<ModelRole, readonly string[]>>;
}

/** What a strategy tells an actor. */
const contextSchema = z.object({
  condition: z.string(),
  failures: z.array(toldFailureSchema),
  suggested: z.array(actionSchema),
  memory: z.object({ done: z.array(z.string()), problems: z.array(z.string()) }),
  answers: z.array(z.tuple([z.string(), z.string()])),
  results: z.array(z.string()).default([]),
  /** The latest calls, oldest first. */
  calls: z.array(z.object({ action: actionSchema, outcome: z.string(), message: z.string() })).default([]),
});
type Context = z.infer<typeof contextSchema>;

/** The end, with what came out of it. */
const DONE: ChoiceBranch = {
  name: 'done',
  summary: 'Say that the work is done, and what came out of it for the person who asked.',
  input: {
    type: 'object',
    properties: { answer: { type: 'string', minLength: 1, description: 'what came out of it, in a few sentences' } },
    required: ['answer'],
    additionalProperties: false,
  },
};
const CONTROLS: readonly ChoiceBranch[] = [DONE, ASK, STUCK];

/** What a model says is untrusted, whatever it has read: alone it decides nothing that cannot be taken back. */
const MODELS_WORDS = ['model'];

/** So much of an input is shown, in characters. */
const INPUT_LENGTH = 300;

/**
 * Has models propose the next call of a skill where a world has neither rules nor a list of what is possible.
 *
 * skill-actor.1 At most twenty skills are offered: those that the plan suggests, then those that fit the words best; no
 *               denied one is among them.
 * skill-actor.2 What is proposed fits the schema of its skill, or is a control: done with an answer, a question, or that
 *               nothing helps.
 * skill-actor.3 What the model says is tainted, whatever it has read.
 * skill-actor.4 An argument that is no text may be a reference to an input or to what a call gave (referable-schema).
 */
export class SkillActor {
  readonly #catalogue: SkillCatalogue;
  readonly #priced = new WeakMap<Propose, SkillRequest>();

  constructor(private readonly parts: SkillActorParts) {
    const offered = parts.skills.filter((s) => !parts.denied.includes(s.name) && s.name !== ASK_PERSON);
    this.#catalogue = new SkillCatalogue(offered);
  }

  /** The most that a proposal can cost. */
  async estimate(effect: Propose): Promise<Cost> {
    const order = await this.order(effect, new AbortController().signal);
    this.#priced.set(effect, order);
    return this.parts.promptRunner.estimateChoice(order);
  }

  /** Candidates, equal ones as one; none, with the reason, where no answer was of use. */
  async propose(
    effect: Propose,
    signal: AbortSignal,
  ): Promise<Thought & { readonly candidates: readonly Json[]; readonly note: string }> {
    const order = this.#priced.get(effect) ?? (await this.order(effect, signal));
    this.#priced.delete(effect);
    const { choices, problems, spent, call } = await this.parts.promptRunner.chooseSkill({ ...order, signal });
    return { candidates: choices.map(candidateOf), note: problems[0] ?? '', spent, call };
  }

  private async order(effect: Propose, signal: AbortSignal): Promise<SkillRequest> {
    const { promptRunner, prompts, place, seed, models } = this.parts;
    const context = contextSchema.parse(effect.context);
    const skills = this.offered(context);
    const prompt = prompts.get('next-call');
    const base = { skills, controls: CONTROLS, place, seed, id: effect.id, models, samples: effect.count, signal };
    const rendered = prompt.render(await this.values(context), promptRunner.roomFor(base));
    return { ...base, prompt, rendered, check: (choice) => problemsOf(choice, context) };
  }

  /** skill-actor.1 */
  private offered({ condition, suggested }: Context): readonly ChoiceBranch[] {
    const { title, request } = this.parts;
    const found = this.#catalogue.find({
      text: `${title} ${request} ${conditionLines(condition, this.parts.checks).join(' ')}`,
      used: suggested.map((a) => a.skill),
      goal: '',
      changes: new Map(),
      most: SKILLS_AT_MOST,
    });
    return found
      .slice(0, SKILLS_AT_MOST)
      .map((skill) => ({ name: skill.name, summary: skill.summary, input: referable(inputSchemaOf(skill)) }));
  }

  private async values(context: Context) {
    const { condition, failures, suggested, memory, answers } = context;
    const { title, request, constraints, inputs, tools } = this.parts;
    return {
      request,
      constraints,
      title,
      goal: conditionLines(condition, this.parts.checks),
      inputs: Object.entries(inputs).map(([name, { value }]) => `$${name} = ${valueText(value, INPUT_LENGTH)}`),
      files: (await this.parts.files()).map((f) => `${f.name} (${f.mediaType}, ${f.size} bytes)`),
      plan: suggested.map(actionText),
      lessons: tools.map(lessonLine),
      answers: answers.map(([question, answer]) => answerLine(question, answer)),
      results: callLines(context),
      failures: failures.map(failureLine),
      problems: memory.problems,
    };
  }
}

/** `remind {"customer":"ada"} -> $s2 = {"sent":true}`: the calls so far, as a model writes them, and what they gave. */
function callLines({ calls, results }: Context): readonly string[] {
  const given = new Map(results.map((line) => line.split(' -> ', 2) as [string, string]));
  return calls.map(({ action, outcome, message }) => {
    const text = outcome === 'ok' ? (given.get(actionText(action)) ?? message) : `${outcome}: ${message}`;
    return `${action.skill} ${JSON.stringify(action.args)} -> ${text}`;
  });
}

/** What is wrong with a choice that fits its schema, for the model to mend. */
function problemsOf(choice: SkillChoice, { failures }: Context): readonly string[] {
  if (choice.kind !== 'call') return [];
  const { skill, args } = choice.call;
  const refused = permanentFailure(failures, { skill, args });
  return refused === undefined
    ? []
    : [`this call is refused for the rest of the run: ${refused.reason ?? refused.code}`];
}

/** skill-actor.2, skill-actor.3 */
function candidateOf(choice: SkillChoice): Json {
  const why = choice.thought;
  if (choice.kind === 'call') {
    const { skill, args } = choice.call;
    return { kind: 'act', action: { skill, args }, why, origin: 'model', taint: MODELS_WORDS };
  }
  switch (choice.control) {
    case 'done':
      return { kind: 'done', why, answer: choice.args['answer'] ?? null };
    case 'ask':
      return { kind: 'ask', question: String(choice.args['question']) };
    default:
      return { kind: 'stuck', why: String(choice.args['reason'] ?? why) };
  }
}
