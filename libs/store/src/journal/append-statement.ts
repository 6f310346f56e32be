import { BLOB_ROWS, EVENT_ROWS } from './event-rows.js';
import { QUESTION_ENDS, QUESTION_ROWS } from './question-rows.js';
import { RUN_ROWS } from './run-rows.js';
import type { Section, Writing } from './section.js';
import { SUBGOAL_ROWS } from './subgoal-rows.js';

/** In the order in which rows are locked, by everybody: each waits for the one before it, and sorts. */
const SECTIONS: readonly Section[] = [EVENT_ROWS, BLOB_ROWS, RUN_ROWS, SUBGOAL_ROWS, QUESTION_ROWS, QUESTION_ENDS];

/** Gives the appends that came too late, which are few. */
const LATE = 'select nth::int4 from wanted where nth not in (select nth from fresh)';

/** Most batches need few of the sections, and a subquery that has nothing to do costs as much as several rows. */
const texts = new Map<string, string>();

/**
 * The statement that writes a batch, at most one append per stream, in one round trip and one transaction; gives the
 * numbers of those that came too late.
 */
export function appendStatement(
  batch: readonly Writing[],
  now: number,
): { name: string; text: string; values: string[] } {
  const parts = SECTIONS.flatMap((section) => {
    const values = section.values(batch, now);
    return values === null ? [] : [{ section, values }];
  });
  const shape = parts.map((p) => p.section.letter).join('');
  let text = texts.get(shape);
  if (text === undefined) texts.set(shape, (text = statementText(parts)));
  return { name: `praxis-append-${shape}`, text, values: parts.flatMap((p) => p.values) };
}

function statementText(parts: readonly { readonly section: Section; readonly values: readonly string[] }[]): string {
  let given = 0;
  let after = '';
  const subqueries = parts.map(({ section, values }) => {
    const from = given;
    const text = section.text((nth) => `$${from + nth + 1}`, after);
    given += values.length;
    after = section.rows ?? after;
    return text;
  });
  return `with ${subqueries.join(', ')}\n${LATE}`;
}
