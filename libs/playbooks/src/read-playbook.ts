import { PraxisError, nearestName, playbookSchema, type Playbook } from '@praxis/core';
import { LineCounter, isMap, isSeq, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { playbookProblems } from './check-playbook.js';

/** A playbook in a larger file is none. */
const MOST_CHARACTERS = 512 * 1024;

/**
 * Reads a playbook from YAML or JSON. Fails with `invalid`, and says at which line and field, where it does not fit its
 * schema or refers to what is not there.
 */
export function readPlaybook(text: string, file: string): Playbook {
  if (text.length > MOST_CHARACTERS) throw new PraxisError('invalid', `${file} is too large for a playbook.`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken)
    throw new PraxisError('invalid', `${file}:${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`);
  const parsed = playbookSchema.safeParse(document.toJS({ maxAliasCount: 50 }) ?? {});
  if (!parsed.success) throw misfit(parsed.error.issues, { document, lines, file });
  const problems = playbookProblems(parsed.data);
  const [first] = problems;
  if (first === undefined) return parsed.data;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new PraxisError('invalid', `${placeOf(first.path, { document, lines, file })}: ${first.message}${more}.`);
}

interface Place {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly file: string;
}

type Issue = z.core.$ZodIssue;

function misfit(issues: readonly Issue[], place: Place): PraxisError {
  // A field that is not known is often why another one is missing.
  const issue = issues.find((i) => i.code === 'unrecognized_keys') ?? deepest(issues[0]!);
  const where = placeOf(issue.path, place);
  const field = issue.path.length > 0 ? `${fieldText(issue.path)}: ` : '';
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new PraxisError(
    'invalid',
    `${where}: ${field}${messageOf(issue)}${more}. docs/playbooks.md describes every field.`,
  );
}

/** Of a choice between forms, what is wrong with the form that fits best. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const best = issue.errors.toSorted((a, b) => a.length - b.length)[0]![0];
  return best === undefined ? issue : { ...deepest(best), path: [...issue.path, ...best.path] };
}

function messageOf(issue: Issue): string {
  if (issue.code !== 'unrecognized_keys')
    return issue.message.replace(/^Invalid input: expected .*, received undefined$/, 'is missing');
  const near = nearestName(issue.keys[0]!, FIELDS);
  return `there is no field ${issue.keys.join(', ')}${near === null ? '' : `; did you mean ${near}?`}`;
}

const fieldText = (path: readonly PropertyKey[]): string =>
  path.map((p, i) => (typeof p === 'number' ? `[${p}]` : `${i === 0 ? '' : '.'}${String(p)}`)).join('');

/** `file:line` of a field, or of what should hold it. */
function placeOf(path: readonly PropertyKey[], { document, lines, file }: Place): string {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    const at = node?.range?.[0];
    if (at !== undefined && (length > 0 || isMap(node) || isSeq(node))) return `${file}:${lines.linePos(at).line}`;
  }
  return file;
}

const FIELDS: readonly string[] = [
  ...Object.keys(playbookSchema.shape),
  ...['id', 'title', 'do', 'with', 'after', 'when', 'each', 'retry', 'onFail', 'check', 'of', 'as', 'parallel', 'most'],
  ...['type', 'summary', 'media', 'schema', 'default', 'file', 'contains', 'minBytes', 'expect', 'judge', 'person'],
];
