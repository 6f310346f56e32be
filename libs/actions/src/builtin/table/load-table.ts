import { ColumnGuess, declaredType, storedCell, type Cell, type ColumnPlan } from './column-type.js';
import type { RowsSource } from './rows-source.js';
import { quoted, type TableDatabase } from './table-database.js';
import type { LoadedTable } from './table-messages.js';

/** Rows are stored in batches of so many characters of JSON. */
const BATCH_LENGTH = 512 * 1024;

/**
 * Stores rows as the table `name` of an empty database. The rows are read twice: once to find out the types of the
 * columns, once to store them, so that memory does not grow with their number.
 */
export function loadTable(database: TableDatabase, name: string, source: RowsSource): LoadedTable {
  const plans = planColumns(source);
  const columns = source.names.map((column, i) => `${quoted(column)} ${declaredType(plans[i]!.type)}`.trim());
  database.exec('begin');
  // SQLite knows no table without columns.
  database.exec(`create table ${quoted(name)} (${columns.length === 0 ? '"column_1"' : columns.join(', ')})`);
  const rows = columns.length === 0 ? 0 : insertRows(database, name, source, plans);
  database.exec('commit');
  return {
    rows,
    columns: source.names.map((column, i) => ({ name: column, type: plans[i]!.type })),
    shortRows: source.shortRows,
    ...source.notes,
    bytes: database.serialize(),
  };
}

function planColumns(source: RowsSource): readonly ColumnPlan[] {
  const guesses = source.names.map(() => new ColumnGuess(source));
  source.forEach((row) => {
    for (let i = 0; i < guesses.length; i++) guesses[i]!.add(row[i] ?? null);
  });
  return guesses.map((guess) => guess.plan);
}

function insertRows(database: TableDatabase, name: string, source: RowsSource, plans: readonly ColumnPlan[]): number {
  // One statement for a whole batch: four times as fast as one for each row.
  const cells = plans.map((_, i) => `value->>${i}`).join(', ');
  const sql = `insert into ${quoted(name)} select ${cells} from json_each(?)`;
  let [rows, length]: [number, number] = [0, 0];
  let batch: string[] = [];
  const flush = (): void => {
    if (batch.length > 0) database.exec(sql, [`[${batch.join(',')}]`]);
    batch = [];
    length = 0;
  };
  source.forEach((row) => {
    const text = JSON.stringify(plans.map((plan, i) => storedCell(row[i] ?? (null as Cell), plan)));
    batch.push(text);
    rows += 1;
    length += text.length;
    if (length > BATCH_LENGTH) flush();
  });
  flush();
  return rows;
}
