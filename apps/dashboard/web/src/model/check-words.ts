import type { Check, Goal, RunEvent } from '../../../src/api.js';
import { number } from './words.js';

type Opened = Extract<RunEvent, { type: 'opened' }>;

/** What is checked, under its name where it has one. */
export interface CheckLine {
  readonly name: string | null;
  readonly words: string;
}

/** When a goal is done: its own checks, those that a model made of its request, and those of its playbook. */
export function goalChecks(
  { checks, playbook }: Pick<Goal, 'checks' | 'playbook'>,
  opened: Pick<Opened, 'checks'> | null,
): readonly CheckLine[] {
  const named = Object.entries({ ...checks, ...opened?.checks }).map(([name, check]) => ({
    name,
    words: checkWords(check),
  }));
  const said = new Set(named.map(({ words }) => words));
  const others = (playbook?.done ?? []).map((check) => ({ name: null, words: checkWords(check) }));
  return [...named, ...others.filter(({ words }) => !said.has(words))];
}

/** A check as the end of a sentence: "done when …". */
export function checkWords(check: Check): string {
  if ('file' in check) return fileWords(check);
  if ('json' in check) return `${check.json} fits its schema`;
  if ('sql' in check) return `the query ${check.sql} gives ${rowsWords(check.expect)}`;
  if ('expr' in check) return `${check.expr} is true`;
  if ('http' in check) return `${check.http} answers ${check.status.join(' or ')}${contentWords(check.contains)}`;
  if ('skill' in check)
    return `${check.skill} ${check.schema === undefined ? 'succeeds' : 'gives what fits its schema'}`;
  if ('judge' in check)
    return `${check.votes === 1 ? 'a model gives' : `${check.votes} votes of a model give`} at least ${check.passAt} to: ${check.judge}`;
  return `a person agrees: ${check.person}`;
}

function fileWords({ file, minBytes, mediaType, contains, schema }: Extract<Check, { file: string }>): string {
  return [
    `the file ${file} is there`,
    minBytes > 1 ? `, has at least ${number(minBytes)} bytes` : '',
    mediaType === undefined ? '' : `, is ${mediaType}`,
    contentWords(contains),
    schema === undefined ? '' : ', fits its schema',
  ].join('');
}

const contentWords = (texts: readonly string[]): string =>
  texts.length === 0 ? '' : `, contains ${texts.map((t) => JSON.stringify(t)).join(' and ')}`;

function rowsWords(expect: Extract<Check, { sql: string }>['expect']): string {
  if (typeof expect === 'object') return JSON.stringify(expect.value);
  return expect === 'rows' ? 'rows' : 'no rows';
}
