import { z } from 'zod';
import { freeRecord } from '../values/free-record.js';
import { jsonSchema } from '../values/json.js';
import type { Literal } from '../values/state.js';

/** `$name` or `$name.path`: a value of an output. */
const ref = z.string().regex(/^\$[A-Za-z_]/, 'must be a reference such as $profile.rows');
const schema = freeRecord(jsonSchema);
const args = freeRecord(jsonSchema);

/**
 * Something that can be checked of a world and of outputs. `file`, `json`, `sql` and `expr` are pure and cheap: whoever
 * verifies evaluates them. `http`, `skill` and `judge` cost something. `person` is asked as a question.
 */
export const checkSchema = z.union([
  /** A file of the workspace is there, and looks as it should. */
  z.strictObject({
    file: z.string().min(1),
    minBytes: z.number().int().nonnegative().default(1),
    mediaType: z.string().optional(),
    /** Texts that it contains, each of them. */
    contains: z.array(z.string()).default([]),
    /** JSON Schema that it fits, where it is JSON. */
    schema: schema.optional(),
  }),
  /** A value fits a JSON Schema. */
  z.strictObject({ json: ref, schema }),
  /** What a read-only query over the workspace's tables gives. */
  z.strictObject({
    sql: z.string().min(1),
    expect: z.union([z.enum(['rows', 'no-rows']), z.strictObject({ value: jsonSchema })]),
  }),
  /** An expression over outputs that is true; its language is that of docs/playbooks.md. */
  z.strictObject({ expr: z.string().min(1) }),
  z.strictObject({
    http: z.string().min(1),
    status: z.array(z.number().int()).default([200]),
    contains: z.array(z.string()).default([]),
  }),
  /** The result of a pure skill fits a schema. */
  z.strictObject({ skill: z.string().min(1), with: args.default({}), schema: schema.optional() }),
  /** The opinion of a model, shown as one: it passes where the mean of the votes is at least `passAt`. */
  z.strictObject({
    judge: z.string().min(1),
    of: z.array(z.string()).default([]),
    votes: z.number().int().min(1).max(9).default(3),
    passAt: z.number().min(0).max(1).default(0.7),
  }),
  z.strictObject({
    person: z.string().min(1),
    of: z.array(z.string()).default([]),
    /** Milliseconds after which the question expires; absent: never. */
    expiresMs: z.number().int().positive().optional(),
  }),
]);
export type Check = z.infer<typeof checkSchema>;

/** Named checks: what a goal, a plan node or a step is checked by. */
export const checksSchema = freeRecord(checkSchema);
export type Checks = Readonly<Record<string, Check>>;

/** The atom by which a condition names a check. */
export const checkAtom = (name: string): Literal => `(check ${name})`;

/** The name of the check that a literal names; null where it names none. */
export const checkNamed = (literal: Literal): string | null => /^\(check ([^\s()]+)\)$/.exec(literal)?.[1] ?? null;

/** What came of a check: one sentence for each part that does not hold or cannot be evaluated. */
export interface CheckResult {
  readonly holds: boolean;
  readonly problems: readonly string[];
}

/** A check in words. */
export function checkText(check: Check): string {
  if ('file' in check) {
    const words = check.contains.map((w) => JSON.stringify(w)).join(', ');
    return `${check.file} is there${words === '' ? '' : ` and contains ${words}`}`;
  }
  if ('json' in check) return `${check.json} fits its schema`;
  if ('sql' in check)
    return `${check.sql} gives ${typeof check.expect === 'string' ? check.expect : JSON.stringify(check.expect.value)}`;
  if ('expr' in check) return check.expr;
  if ('http' in check) return `${check.http} answers ${check.status.join(' or ')}`;
  if ('skill' in check) return `what ${check.skill} gives fits`;
  if ('judge' in check) return `a model judges: ${check.judge}`;
  return `a person says: ${check.person}`;
}
