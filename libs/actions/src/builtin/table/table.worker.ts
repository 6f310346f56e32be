import { serveTasks, type Handed } from '../../threads/serve-tasks.js';
import { loadTable } from './load-table.js';
import { profileTable } from './profile-table.js';
import { queryTables } from './query-tables.js';
import { readCsv } from './read-csv.js';
import { fromRows, readJson, readJsonLines } from './read-json.js';
import type { RowsSource } from './rows-source.js';
import { withDatabase } from './table-database.js';
import type { TableAnswer, TableRequest } from './table-messages.js';

/** The thread in which tables are read and asked. */
serveTasks<TableRequest, TableAnswer>((request) =>
  withDatabase(request.limits, (database) => {
    switch (request.kind) {
      case 'load': {
        const loaded = loadTable(database, request.table, openSource(request));
        return handed(loaded, loaded.bytes);
      }
      case 'profile':
        database.attach(request.file);
        database.makeReadOnly();
        return handed(profileTable(database, request.file.name), null);
      case 'query': {
        const answer = queryTables(database, request);
        return handed(answer, answer.file);
      }
    }
  }),
);

const handed = (value: TableAnswer, bytes: Uint8Array | null): Handed<TableAnswer> => ({
  value,
  transfer: bytes === null ? [] : [bytes.buffer as ArrayBuffer],
});

function openSource({ source, name, delimiter, header }: Extract<TableRequest, { readonly kind: 'load' }>): RowsSource {
  if ('rows' in source) return fromRows(source.rows, name);
  switch (source.format) {
    case 'csv':
      return readCsv(source.bytes, { name, delimiter, header });
    case 'json':
      return readJson(source.bytes, name);
    case 'jsonl':
      return readJsonLines(source.bytes, name);
  }
}
