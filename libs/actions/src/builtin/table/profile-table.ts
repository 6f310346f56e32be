import type { Json } from '@praxis/core';
import { typeOfDeclared, type ColumnType } from './column-type.js';
import { quoted, type TableDatabase } from './table-database.js';
import type { ColumnProfile, TableProfile } from './table-messages.js';

const TOP = 5;
const EXAMPLES = 3;
/** Values are shown up to this length, in characters. */
const SHOWN = 100;

/** Describes the columns of the first table of an attached file. */
export function profileTable(database: TableDatabase, name: string): TableProfile {
  const [table] = database.tablesOf(name);
  if (table === undefined) return { rows: 0, columns: [] };
  const from = `${quoted(name)}.${quoted(table)}`;
  const names = database.query(`select * from ${from} limit 0`, [], () => false);
  const declared = database.declaredTypes(`select * from ${from}`);
  const [rows] = database.row(`select count(*) from ${from}`) as [number];
  return {
    rows,
    columns: names.map((column, i) => profileColumn(database, from, column, typeOfDeclared(declared[i]!))),
  };
}

const isNumeric = (type: ColumnType): boolean => type === 'integer' || type === 'number';

function profileColumn(database: TableDatabase, from: string, name: string, type: ColumnType): ColumnProfile {
  const c = quoted(name);
  // Aggregates have no declared type of their own; the values of a boolean column do.
  const [nulls, distinct, mean, longest] = database.row(
    `select count(*) - count(${c}), count(distinct ${c}), avg(case when typeof(${c}) <> 'text' then ${c} end), max(length(${c})) from ${from}`,
  ) as [number, number, number | null, number | null];
  const ends = (order: string): Json =>
    type === 'text'
      ? null
      : shown(
          database.row(`select ${c} from ${from} where ${c} is not null order by ${c} ${order} limit 1`)[0] ?? null,
        );
  return {
    name,
    type,
    nulls,
    distinct,
    min: ends('asc'),
    max: ends('desc'),
    mean: isNumeric(type) ? mean : null,
    longest: type === 'text' ? (longest ?? 0) : null,
    top: topValues(database, from, c),
    examples: examples(database, from, c),
  };
}

function topValues(database: TableDatabase, from: string, c: string): ColumnProfile['top'] {
  const top: { readonly value: Json; readonly count: number }[] = [];
  const sql = `select ${c}, count(*) from ${from} where ${c} is not null group by ${c} having count(*) > 1 order by 2 desc, 1 limit ${TOP}`;
  database.query(sql, [], ([value, count]) => (top.push({ value: shown(value!), count: Number(count) }), true));
  return top;
}

function examples(database: TableDatabase, from: string, c: string): readonly Json[] {
  const found: Json[] = [];
  const sql = `select distinct ${c} from ${from} where ${c} is not null limit ${EXAMPLES}`;
  database.query(sql, [], ([value]) => (found.push(shown(value!)), true));
  return found;
}

const shown = (value: Json): Json =>
  typeof value === 'string' && value.length > SHOWN
    ? `${value.slice(0, SHOWN).replace(/[\uD800-\uDBFF]$/, '')}…`
    : value;
