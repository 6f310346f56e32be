import { userInfo } from 'node:os';
import { freeRecord, jsonSchema, NO_COST, PraxisError, type Answer, type Cost, type Json } from '@praxis/core';
import { z } from 'zod';

/** An answer as the options of `answer` say it. */
export interface AnswerOptions {
  readonly approve?: boolean;
  /** True where no reason was given with it. */
  readonly reject?: string | true;
  readonly edit?: Record<string, Json>;
  readonly happened?: boolean;
  readonly notHappened?: boolean;
  /** True where only more time is granted. */
  readonly grant?: Cost | true;
  readonly value?: Json;
  readonly text?: string;
  readonly reason?: string;
  readonly by?: string;
}

const VERDICTS = [
  ['approve', 'approve'],
  ['reject', 'reject'],
  ['edit', 'edit'],
  ['happened', 'happened'],
  ['notHappened', 'not-happened'],
  ['grant', 'grant'],
  ['value', 'answer'],
  ['text', 'answer'],
] as const;

/** Makes an answer of the options; says so where they are none, or several. */
export function readAnswer(options: AnswerOptions): Answer {
  const said = VERDICTS.filter(([name]) => options[name] !== undefined);
  if (said.length !== 1)
    throw new PraxisError(
      'invalid',
      `Say ${said.length === 0 ? '' : 'only '}one of --approve, --reject, --edit, --happened, --not-happened, --grant, --text and --value.`,
    );
  const { reject, reason } = options;
  if (typeof reject === 'string' && reason !== undefined)
    throw new PraxisError('invalid', 'Say why once: behind --reject, or as --reason.');
  return {
    verdict: said[0]![1],
    by: options.by ?? loginName(),
    reason: reason ?? (typeof reject === 'string' ? reject : ''),
    args: options.edit ?? null,
    grant: grantOf(options),
    value: options.value ?? options.text ?? null,
  };
}

function grantOf({ grant }: AnswerOptions): Cost | null {
  if (grant === undefined) return null;
  return grant === true ? NO_COST : grant;
}

const editSchema = z.strictObject({ args: freeRecord(jsonSchema) });

/** Reads the arguments of an edit: `{"args": {…}}`. */
export function parseEdit(text: string): Record<string, Json> {
  const edit = editSchema.safeParse(parseJson(text, 'it must be JSON'));
  if (!edit.success)
    throw new PraxisError('invalid', `"${text}" is no edit; write {"args": {…}} with all arguments as they should be.`);
  return edit.data.args;
}

/** Reads a value as JSON. */
export function parseValue(text: string): Json {
  return parseJson(text, `write JSON; a text stands in quotes, such as '"blue"'`);
}

function parseJson(text: string, hint: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new PraxisError('invalid', `"${text}" is not JSON; ${hint}.`, { cause });
  }
}

/** Under which name somebody answers who names none. */
export function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no name at all.
    throw new PraxisError('invalid', 'This user has no name; say who answers with --by NAME.');
  }
}
