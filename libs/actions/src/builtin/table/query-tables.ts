import type { Json } from '@praxis/core';
import { SkillError } from '../../authoring/skill-error.js';
import { uniqueNames } from './column-type.js';
import type { TableDatabase } from './table-database.js';
import type { QueryAnswer, TableRequest } from './table-messages.js';
import { RowsWriter } from './write-rows.js';

/** The most characters of JSON of the rows in the answer. */
const ANSWER_LENGTH = 8 * 1024 * 1024;
/** The most rows that one query writes into a file. */
const MOST_WRITTEN = 1_000_000;

type QueryRequest = Extract<TableRequest, { readonly kind: 'query' }>;

/** Runs one read-only query over attached tables. */
export function queryTables(
  database: TableDatabase,
  { files, sql, params, limit, writeAs }: QueryRequest,
): QueryAnswer {
  for (const file of files) database.attach(file);
  const known = files.flatMap(({ name }) => database.tablesOf(name).map((table) => ({ name, table })));
  const columnsOf = files.length === 0 ? '' : describeTables(database, known);
  database.makeReadOnly();
  const writer = writeAs === null ? null : new RowsWriter(writeAs);
  const rows: { readonly [column: string]: Json }[] = [];
  let [count, length, isFull]: [number, number, boolean] = [0, 0, false];
  let names: readonly string[] = [];
  const visit = (row: readonly Json[], columns: readonly string[]): boolean => {
    if (count === 0) names = uniqueNames(columns);
    isFull ||= rows.length >= limit || length > ANSWER_LENGTH;
    if (isFull && writer === null) return false;
    if (count >= MOST_WRITTEN)
      throw new SkillError('world-error', `the query gives more than ${MOST_WRITTEN} rows, the most that a file gets`);
    count += 1;
    writer?.add(row, names);
    if (isFull) return true;
    const made = Object.fromEntries(names.map((name, i) => [name, row[i]!]));
    length += JSON.stringify(made).length;
    rows.push(made);
    return true;
  };
  const columns = uniqueNames(explained(() => database.query(sql, params, visit), columnsOf));
  return { columns, rows, count, truncated: isFull, file: writer?.finish(columns) ?? null };
}

/** What there is to ask, for the message of a query that asks for something else. */
function describeTables(database: TableDatabase, tables: readonly { name: string; table: string }[]): string {
  const described = tables.slice(0, 10).map(({ name, table }) => {
    const from = [name, table].map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
    const columns = database.query(`select * from ${from} limit 0`, [], () => false);
    const shown = columns
      .slice(0, 30)
      .map((column) => `"${column}"`)
      .join(', ');
    return `${table} (${shown}${columns.length > 30 ? ', …' : ''})`;
  });
  return described.join(', ');
}

function explained<T>(work: () => T, tables: string): T {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof SkillError) || !/^no such (column|table)/.test(thrown.message)) throw thrown;
    throw new SkillError(thrown.code, `${thrown.message}; there is ${tables || 'no table of that name'}`);
  }
}
