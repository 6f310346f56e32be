import initSqlite, {
  type Database,
  type PreparedStatement,
  type Sqlite3Static,
  type SqlValue,
} from '@sqlite.org/sqlite-wasm';
import type { Json } from '@praxis/core';
import { SkillError } from '../../authoring/skill-error.js';
import type { TableFile, TableLimits } from './table-messages.js';

/** Virtual-machine steps of SQLite between two looks at the clock. */
const STEPS = 10_000;

let loading: Promise<Sqlite3Static> | null = null;
const loadSqlite = (): Promise<Sqlite3Static> => (loading ??= initSqlite());

/** Quotes a name for SQL. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A database in memory with limits; `use` has it, and it is closed afterwards. */
export async function withDatabase<T>(limits: TableLimits, use: (database: TableDatabase) => T): Promise<T> {
  const sqlite = await loadSqlite();
  const database = new TableDatabase(sqlite, limits);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

/**
 * One SQLite database in memory, in the sandbox of its WebAssembly module: it reaches no file and no network.
 *
 * table-database.1 Memory and time have limits; beyond them the statement ends and the process goes on.
 * table-database.2 After `makeReadOnly`, statements can read the tables and nothing else.
 */
export class TableDatabase {
  readonly #sqlite: Sqlite3Static;
  readonly #limits: TableLimits;
  readonly #db: Database;

  constructor(sqlite: Sqlite3Static, limits: TableLimits) {
    this.#sqlite = sqlite;
    this.#limits = limits;
    this.#db = new sqlite.oo1.DB(':memory:', 'c');
    const { capi } = sqlite;
    this.#db.exec(
      `pragma hard_heap_limit=${limits.memoryMb * 1024 * 1024}; pragma temp_store=memory; pragma trusted_schema=off`,
    );
    capi.sqlite3_db_config(this.#db, capi.SQLITE_DBCONFIG_DEFENSIVE, 1, 0);
    const stop = performance.now() + limits.timeoutMs;
    capi.sqlite3_progress_handler(this.#db, STEPS, () => (performance.now() > stop ? 1 : 0), 0);
  }

  close(): void {
    this.#db.close();
  }

  /** Runs statements of our own. */
  exec(sql: string, bind?: readonly SqlValue[]): void {
    this.#judged(() => this.#db.exec(bind === undefined ? { sql } : { sql, bind }));
  }

  /** Makes a stored table part of the database, under its name. */
  attach({ name, bytes }: TableFile): void {
    const { capi, wasm } = this.#sqlite;
    this.#judged(() => {
      this.#db.exec(`attach ':memory:' as ${quoted(name)}`);
      const pointer = wasm.allocFromTypedArray(bytes);
      const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_READONLY;
      this.#db.checkRc(capi.sqlite3_deserialize(this.#db, name, pointer, bytes.length, bytes.length, flags as never));
      // What is no database is found out here, and not in the middle of a query.
      this.#db.exec(`select count(*) from ${quoted(name)}.sqlite_schema`);
    }, `tables/${name}.sqlite`);
  }

  /** The tables and views of an attached file. */
  tablesOf(name: string): readonly string[] {
    const sql = `select name from ${quoted(name)}.sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%' order by rowid`;
    return this.#judged(() => this.#db.selectValues(sql) as string[]);
  }

  /** table-database.2 */
  makeReadOnly(): void {
    const { capi } = this.#sqlite;
    const allowed = new Set<number>([
      capi.SQLITE_SELECT,
      capi.SQLITE_READ,
      capi.SQLITE_FUNCTION,
      capi.SQLITE_RECURSIVE,
    ]);
    capi.sqlite3_set_authorizer(
      this.#db,
      (_context, action) => (allowed.has(action) ? capi.SQLITE_OK : capi.SQLITE_DENY),
      0,
    );
  }

  /** Runs one statement row by row, until `visit` says false. */
  query(
    sql: string,
    params: readonly Json[] | { readonly [name: string]: Json },
    visit: (row: readonly Json[], columns: readonly string[]) => boolean,
  ): readonly string[] {
    return this.#judged(() => {
      const statement = this.#db.prepare(sql);
      try {
        this.#refuseMore(statement, sql);
        this.#bind(statement, params);
        const columns = statement.getColumnNames([]);
        const types = columns.map((_, i) => this.#sqlite.capi.sqlite3_column_decltype(statement, i) ?? null);
        while (statement.step()) {
          const row = (statement.get([]) as SqlValue[]).map((value, i) => toJson(value, types[i] ?? null));
          if (!visit(row, columns)) break;
        }
        return columns;
      } finally {
        statement.finalize();
      }
    });
  }

  /** The first row of a statement of our own. */
  row(sql: string): readonly Json[] {
    let first: readonly Json[] = [];
    this.query(sql, [], (row) => {
      first = row;
      return false;
    });
    return first;
  }

  /** The declared type of a column. */
  declaredTypes(sql: string): readonly (string | null)[] {
    return this.#judged(() => {
      const statement = this.#db.prepare(sql);
      try {
        return statement
          .getColumnNames([])
          .map((_, i) => this.#sqlite.capi.sqlite3_column_decltype(statement, i) ?? null);
      } finally {
        statement.finalize();
      }
    });
  }

  /** The main database as the bytes of a file. */
  serialize(): Uint8Array {
    return this.#judged(() => this.#sqlite.capi.sqlite3_js_db_export(this.#db));
  }

  #bind(statement: PreparedStatement, params: readonly Json[] | { readonly [name: string]: Json }): void {
    if (Array.isArray(params)) {
      if (params.length !== statement.parameterCount)
        throw new SkillError(
          'invalid-args',
          `the query has ${statement.parameterCount} parameters, and \`params\` has ${params.length} values`,
        );
      for (const [i, value] of (params as readonly Json[]).entries()) statement.bind(i + 1, toSql(value));
      return;
    }
    const values = params as { readonly [name: string]: Json };
    for (let i = 1; i <= statement.parameterCount; i++) {
      const name = this.#sqlite.capi.sqlite3_bind_parameter_name(statement, i)?.slice(1);
      if (name === undefined || !Object.hasOwn(values, name))
        throw new SkillError(
          'invalid-args',
          `\`params\` has no value for ${name === undefined ? `parameter ${i}` : `:${name}`}`,
        );
      statement.bind(i, toSql(values[name]!));
    }
  }

  #refuseMore(statement: PreparedStatement, sql: string): void {
    const own = this.#sqlite.capi.sqlite3_sql(statement) ?? '';
    const rest = sql.slice(sql.indexOf(own) + own.length).replace(/--[^\n]*|\/\*[^]*?\*\//g, '');
    if (/[^\s;]/.test(rest))
      throw new SkillError('invalid-args', 'a query is one statement; leave out what follows the first `;`');
    if (statement.columnCount === 0)
      throw new SkillError('invalid-args', 'the statement gives no rows; a query is a select');
  }

  #judged<T>(work: () => T, file?: string): T {
    try {
      return work();
    } catch (thrown) {
      throw this.#translated(thrown, file);
    }
  }

  /** SQLite's errors in the codes of skills. */
  #translated(thrown: unknown, file?: string): unknown {
    if (thrown instanceof SkillError || !(thrown instanceof Error)) return thrown;
    const code = (thrown as { readonly resultCode?: number }).resultCode ?? 0;
    const message = thrown.message.replace(/^SQLITE_\w+: (sqlite3 result code \d+: )?/, '');
    const failure = this.#failures(message, file ?? 'a table')[code & 0xff];
    return new SkillError(failure?.code ?? 'world-error', failure?.message ?? message);
  }

  #failures(message: string, file: string): Readonly<Record<number, Pick<SkillError, 'code' | 'message'>>> {
    const { capi } = this.#sqlite;
    const { timeoutMs, memoryMb } = this.#limits;
    const damaged = { code: 'world-error', message: `${file} is no SQLite database, or a damaged one` } as const;
    const wrong = { code: 'invalid-args', message } as const;
    return {
      [capi.SQLITE_INTERRUPT]: {
        code: 'timeout',
        message: `it took longer than ${timeoutMs / 1000} s and was stopped`,
      },
      [capi.SQLITE_NOMEM]: {
        code: 'world-error',
        message: `it needs more than ${memoryMb} MiB of memory and was stopped`,
      },
      [capi.SQLITE_AUTH]: { code: 'invalid-args', message: `only reading is allowed: ${message}` },
      [capi.SQLITE_NOTADB]: damaged,
      [capi.SQLITE_CORRUPT]: damaged,
      [capi.SQLITE_ERROR]: wrong,
      [capi.SQLITE_RANGE]: wrong,
      [capi.SQLITE_MISMATCH]: wrong,
    };
  }
}

const toSql = (value: Json): SqlValue => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as SqlValue);
};

/** A value of SQLite as JSON: what a double cannot hold becomes text, bytes become Base64. */
function toJson(value: SqlValue, declared: string | null): Json {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value === 'number') {
    if (declared === 'BOOLEAN' && (value === 0 || value === 1)) return value === 1;
    return Number.isFinite(value) ? value : String(value);
  }
  if (value === null || typeof value === 'string') return value;
  return Buffer.from(value instanceof ArrayBuffer ? new Uint8Array(value) : value).toString('base64');
}
