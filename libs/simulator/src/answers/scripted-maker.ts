import { PraxisError, freeRecord, jsonSchema, type ChatRequest } from '@praxis/core';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { jsonAnswer, lastUserText, type AnswerMaker, type MadeAnswer } from './answer-maker.js';
import { patternSchema } from './pattern.js';

const whenSchema = { when: patternSchema.optional(), times: z.number().int().positive().optional() };
const entrySchema = z.union(
  [
    z.strictObject({ ...whenSchema, text: z.string() }),
    z.strictObject({ ...whenSchema, json: jsonSchema }),
    z.strictObject({
      ...whenSchema,
      tool: z.strictObject({ name: z.string().min(1), args: freeRecord(jsonSchema).default({}) }),
    }),
    z.strictObject({ ...whenSchema, refusal: z.string() }),
  ],
  {
    error:
      'must have one of text, json, tool {name, args} or refusal, and may have when (a regular expression) and times (a whole number)',
  },
);
type Entry = z.infer<typeof entrySchema>;

const scriptSchema = z.union([
  z.array(entrySchema).min(1),
  z.strictObject({ answers: z.array(entrySchema).min(1) }).transform((file) => file.answers),
]);

/** Reads a script of answers, YAML or JSON; `file` is what errors call it. */
export function parseScript(text: string, file: string): readonly Entry[] {
  const data = parseText(text, file);
  const list: unknown = typeof data === 'object' && data !== null && 'answers' in data ? data.answers : data;
  if (!Array.isArray(list))
    throw new PraxisError(
      'invalid',
      `${file} is no script of answers: it must be a list of entries such as {when: breakfast, text: "With pleasure."}.`,
    );
  for (const [i, entry] of list.entries()) {
    const parsed = entrySchema.safeParse(entry);
    const issue = parsed.error?.issues[0];
    if (issue)
      throw new PraxisError(
        'invalid',
        `${file}: entry ${i + 1}: ${issue.path.length > 0 ? `${issue.path.join('.')} ` : ''}${issue.message}.`,
      );
  }
  const script = scriptSchema.safeParse(data);
  if (!script.success)
    throw new PraxisError(
      'invalid',
      `${file} is no script of answers: it must hold at least one entry and nothing beside \`answers\`.`,
    );
  return script.data;
}

/**
 * Says what a script says: the first entry that fits the last user message or the name of the answer asked for, and was
 * not yet used up.
 */
export class ScriptedMaker implements AnswerMaker {
  readonly #used = new Map<Entry, number>();

  constructor(private readonly script: readonly Entry[]) {}

  answer(request: ChatRequest): Promise<MadeAnswer> {
    const said = lastUserText(request.messages);
    const entry = this.script.find((e) => this.#isLeft(e) && fits(e, said, request.answer?.name ?? ''));
    if (!entry)
      return Promise.reject(
        new PraxisError(
          'missing',
          'No entry of the script fits this request, or those that do are used up; add one without `when` at the end for everything else.',
        ),
      );
    this.#used.set(entry, (this.#used.get(entry) ?? 0) + 1);
    return Promise.resolve(answerOf(entry));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #isLeft(entry: Entry): boolean {
    return entry.times === undefined || (this.#used.get(entry) ?? 0) < entry.times;
  }
}

function fits({ when }: Entry, said: string, answer: string): boolean {
  return when === undefined || when.test(answer) || when.test(said);
}

function answerOf(entry: Entry): MadeAnswer {
  if ('text' in entry) return { kind: 'text', text: entry.text };
  if ('json' in entry) return jsonAnswer(entry.json);
  if ('tool' in entry) return { kind: 'tools', calls: [entry.tool] };
  return { kind: 'refusal', text: entry.refusal };
}

function parseText(text: string, file: string): unknown {
  try {
    return parseYaml(text);
  } catch (thrown) {
    throw new PraxisError(
      'invalid',
      `${file} is neither YAML nor JSON: ${thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown)}`,
    );
  }
}
