import { modelRoleSchema, PraxisError } from '@praxis/core';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { ANSWERS, SKILL_CALL, type AnswerKind } from './answers.js';

const NAME = /^[a-z][a-z0-9-]*$/;
const nameSchema = z.string().regex(NAME, 'must be small letters, digits and dashes');

/**
 * A hole of a prompt. `text` is part of a sentence; `block` (lines of one text) and `list` (one item a line) are data
 * and stand in a fenced block of the hole's name.
 */
const holeSchema = z.strictObject({
  type: z.enum(['text', 'block', 'list']),
  /**
   * Which lines go first where there is no room: the first ones (the oldest), the last ones (of lowest rank), or all at
   * once.
   */
  drop: z.enum(['first', 'last', 'whole']).default('last'),
  /** The most that it may take of the prompt's budget. */
  share: z.number().positive().max(1).default(1),
  /** Its order means nothing: what is kept is shown in alphabetical order, so that equal sets give equal prompts. */
  sort: z.boolean().default(false),
});
export type PromptHole = z.infer<typeof holeSchema>;

/** What stands above the text of a prompt file. */
export const frontMatterSchema = z.strictObject({
  name: nameSchema,
  /** Which model is asked. */
  role: modelRoleSchema,
  /** The structured answer that is asked for. */
  answer: z.enum([...(Object.keys(ANSWERS) as AnswerKind[]), SKILL_CALL]),
  /** What it is for, for people. */
  about: z.string().default(''),
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['system', 'user']),
        /** It comes back unchanged in later calls of the same run. */
        stable: z.boolean().default(false),
        sections: z.array(nameSchema).min(1),
      }),
    )
    .min(1),
  holes: z.record(nameSchema, holeSchema).default({}),
  /** Data holes that may be cut, in the order in which they are; all others are always shown in full. */
  evict: z.array(nameSchema).default([]),
});
export type FrontMatter = z.infer<typeof frontMatterSchema>;

/** A slip in a prompt file. */
export const validationError = (file: string, line: number, problem: string): PraxisError =>
  new PraxisError('invalid', `${file}:${line}: ${problem}`);

/** What a front matter says, and the line of the file on which something in it stands. */
export interface LocatedFrontMatter {
  readonly front: FrontMatter;
  lineOf(path: readonly PropertyKey[]): number;
}

/** Reads the YAML of a front matter that begins on the file's second line. Fails with `invalid`, and says where. */
export function parseFrontMatter(yaml: string, file: string): LocatedFrontMatter {
  const counter = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: counter, prettyErrors: false });
  const lineAt = (offset: number): number => counter.linePos(offset).line + 1;
  const [broken] = document.errors;
  if (broken !== undefined)
    throw validationError(file, lineAt(broken.pos[0]), `the front matter is not YAML: ${broken.message}`);
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(offsetOf(document, path));
  const parsed = frontMatterSchema.safeParse(document.toJS());
  if (parsed.success) return { front: parsed.data, lineOf };
  const issue = parsed.error.issues[0]!;
  const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const where = [...issue.path, ...keys].join('.') || 'the front matter';
  throw validationError(
    file,
    lineOf([...issue.path, ...keys.slice(0, 1)]),
    keys.length > 0 ? `${where} is not known here; remove it or mend its name.` : `${where}: ${issue.message}.`,
  );
}

/** Where a value begins in the text; where it is missing, where what should hold it begins. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return Number(node.range[0]);
  }
  return 0;
}
