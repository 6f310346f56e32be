import {
  canonical,
  freeRecord,
  jsonSchema,
  PraxisError,
  type ChatMessage,
  type ChatRequest,
  type Json,
} from '@praxis/core';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { jsonAnswer, type AnswerMaker, type MadeAnswer } from '../answer-maker.js';
import { patternSchema } from '../pattern.js';
import { readHistory, type History } from './history.js';
import { choiceAnswer, isObject, offersOf } from './offers.js';
import { templateValues } from './script-values.js';

const callSchema = z.strictObject({ skill: z.string().min(1), args: freeRecord(jsonSchema).default({}) });
const ruleSchema = z
  .strictObject({
    when: patternSchema.optional(),
    times: z.number().int().positive().optional(),
    /** Said before the call. */
    thought: z.string().optional(),
    call: callSchema.optional(),
    answer: z.union([z.string(), freeRecord(jsonSchema)]).optional(),
  })
  .refine(({ call, answer }) => (call === undefined) !== (answer === undefined), {
    error: 'must have one of call {skill, args} or answer',
  });
export type ScriptRule = z.infer<typeof ruleSchema>;

const SHAPE = '{when: "remind (.*)", call: {skill: send_reminder, args: {customer: "{{ 1 }}"}}}';

/** Reads a script of rules, YAML or JSON; `file` is what errors call it. */
export function parseRules(text: string, file: string): readonly ScriptRule[] {
  let data: unknown;
  try {
    data = parseYaml(text);
  } catch (thrown) {
    throw invalid(`${file} is neither YAML nor JSON: ${String((thrown as Error).message).split('\n')[0]}`);
  }
  if (!Array.isArray(data) || data.length === 0)
    throw invalid(`${file} is no script of rules: it must be a list of rules such as ${SHAPE}.`);
  return data.map((entry: unknown, i) => {
    const parsed = ruleSchema.safeParse(entry);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0]!;
    const place = issue.path.length > 0 ? `${issue.path.join('.')} ` : '';
    throw invalid(`${file}: rule ${i + 1}: ${place}${issue.message}; a rule looks like ${SHAPE}.`);
  });
}

const invalid = (message: string): PraxisError => new PraxisError('invalid', message);

/**
 * Says what a script of rules says, and leaves to another maker what no rule fits.
 *
 * rule-script.1 The first rule that fits counts: `when` is found in what came after the model's last message, what its
 *               values name is there, its skill is offered, and it was not used up.
 * rule-script.2 A call is never made twice with the same arguments: where a path has `[*]`, each entry has its turn, and
 *               then the rule fits no more.
 */
export class RuleScript implements AnswerMaker {
  readonly #used = new Map<ScriptRule, number>();

  constructor(
    private readonly rules: readonly ScriptRule[],
    private readonly otherwise: AnswerMaker,
  ) {}

  answer(request: ChatRequest, signal: AbortSignal): Promise<MadeAnswer> {
    const history = readHistory(request.messages);
    const said = lastMessages(request.messages);
    for (const rule of this.rules) {
      const made = this.#isLeft(rule) ? answerOf(rule, request, { history, said }) : null;
      if (made === null) continue;
      this.#used.set(rule, (this.#used.get(rule) ?? 0) + 1);
      return Promise.resolve(made);
    }
    return this.otherwise.answer(request, signal);
  }

  close(): Promise<void> {
    return this.otherwise.close();
  }

  #isLeft(rule: ScriptRule): boolean {
    return rule.times === undefined || (this.#used.get(rule) ?? 0) < rule.times;
  }
}

interface Said {
  readonly history: History;
  readonly said: string;
}

function answerOf(rule: ScriptRule, request: ChatRequest, { history, said }: Said): MadeAnswer | null {
  const match = rule.when === undefined ? null : rule.when.exec(said);
  if (rule.when !== undefined && match === null) return null;
  const scope = { match, calls: history.calls };
  if (rule.call !== undefined) return callAnswer(rule, request, history, templateValues(rule.call.args, scope));
  const value = templateValues(rule.answer as Json, scope)[0];
  if (value === undefined) return null;
  return typeof value === 'string' ? { kind: 'text', text: value } : jsonAnswer(value);
}

/** Endpoints spell tools without dots: `table.load` and `table_load` are one. */
const spelled = (name: string): string => name.replace(/[^\w-]/g, '_');

function callAnswer(
  { call, thought = '' }: ScriptRule,
  request: ChatRequest,
  { calls }: History,
  values: readonly Json[],
): MadeAnswer | null {
  const offers = offersOf(request);
  const { skill } = call!;
  const offer = offers?.offered.find(({ name }) => spelled(name) === spelled(skill));
  if (!offers || !offer) return null;
  const made = new Set(
    calls.filter(({ name }) => spelled(name) === spelled(skill)).map(({ args }) => canonical(args as Json)),
  );
  const args = values.find((value) => !made.has(canonical(value)));
  return isObject(args) ? choiceAnswer(offers, { thought, name: offer.name, args }, request) : null;
}

/** What came after the model's last message: the user's words and the results of its calls. */
function lastMessages(messages: readonly ChatMessage[]): string {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  const since = messages.slice(last + 1).filter(({ role }) => role !== 'system');
  return since.map(({ content }) => content).join('\n');
}
