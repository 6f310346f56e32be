import { artifactRefSchema, type ArtifactRef, type Json, type Skill, type SkillCall } from '@praxis/core';
import { z } from 'zod';
import { skill } from '../../authoring/skill.js';
import { SkillError } from '../../authoring/skill-error.js';
import { fileArgument, findFile, pathArgument, readFile, toolsOf, writeFile } from '../../authoring/workspace-files.js';
import { compiledWorker, TaskThreads } from '../../threads/task-threads.js';
import {
  MOST_TABLES,
  type LoadedTable,
  type QueryAnswer,
  type TableAnswer,
  type TableFile,
  type TableFormat,
  type TableProfile,
  type TableRequest,
} from './table-messages.js';

/** The largest file that a table is made of, and the largest table, in bytes. */
const MOST_BYTES = 128 * 1024 * 1024;
const LOAD = { timeoutMs: 120_000, memoryMb: 512 };
const QUERY = { timeoutMs: 20_000, memoryMb: 512 };
/** A thread is ended so long after the database should have stopped by itself, in milliseconds. */
const PATIENCE_MS = 3_000;
const MEDIA_TYPE = 'application/vnd.sqlite3';
const MOST_INLINE = 100_000;

/** Tables hold much at once, so only one is worked on at a time. */
const threads = new TaskThreads<TableRequest, TableAnswer>(() => compiledWorker('table.worker.js', import.meta.url), {
  seats: 1,
  memoryMb: 1_024,
  idleMs: 5_000,
});

/** Runs a request in the thread; what a large one held there is given back with it. */
async function ask<A extends TableAnswer>(request: TableRequest, call: SkillCall): Promise<A> {
  const { timeoutMs } = request.limits;
  return (await threads.run(request, { signal: call.signal, timeoutMs: timeoutMs + PATIENCE_MS })) as A;
}

/** Names that SQLite keeps for itself. */
const RESERVED = /^(main|temp|sqlite_.*)$/i;
const tableName = z
  .string()
  .regex(/^[A-Za-z_][\w-]{0,59}$/, 'must begin with a letter and hold only letters, digits, - and _')
  .refine((name) => !RESERVED.test(name), 'must not be a name that SQLite keeps for itself')
  .describe('name of the table in queries; it is stored as tables/NAME.sqlite');
const tableArgument = z
  .union([z.string().min(1), artifactRefSchema], { error: 'must be the name of a loaded table, such as "sales"' })
  .describe('name of a loaded table, or its file');

const pathOf = (table: string): string => `tables/${table}.sqlite`;
const nameOf = (path: string): string => path.replace(/^.*\//, '').replace(/\.[^.]*$/, '');

const columnType = z.enum(['integer', 'number', 'boolean', 'date', 'text', 'null']);
const cell = z.json();

const load = skill({
  name: 'table.load',
  source: 'builtin',
  summary: 'reads a CSV, JSON or JSON Lines file, or rows of another step, into a table that table.query can ask',
  input: z.object({
    file: fileArgument.optional(),
    rows: z.array(z.json()).optional().describe('the rows themselves, instead of a file'),
    as: tableName.optional(),
    format: z.enum(['csv', 'json', 'jsonl']).optional().describe('found out where it is left out'),
    delimiter: z.string().min(1).max(1).optional().describe('found out where it is left out'),
    header: z.boolean().optional().describe('whether the first row names the columns; found out where it is left out'),
  }),
  output: z.object({
    table: z.string(),
    file: artifactRefSchema,
    rows: z.int(),
    columns: z.array(z.object({ name: z.string(), type: columnType })),
    shortRows: z.int().describe('rows with fewer cells than columns; the missing ones are null'),
    format: z.string(),
    delimiter: z.string().optional(),
    encoding: z.string().optional(),
    header: z.boolean().optional(),
  }),
  reads: ['file:{file}'],
  writes: ['file:tables/{as}.sqlite'],
  async run({ file, rows, as, format, delimiter, header }, call) {
    if ((file === undefined) === (rows === undefined))
      throw new SkillError('invalid-args', 'table.load takes either `file` or `rows`');
    const found = file === undefined ? null : await findFile(call, file);
    const source = found === null ? { rows: rows as Json } : await readSource(call, found, format);
    const table = as ?? defaultName(found);
    const name = found?.name ?? '`rows`';
    const request = { kind: 'load', table, name, source, delimiter, header, limits: LOAD } as const;
    const { bytes, ...loaded } = await ask<LoadedTable>(request, call);
    const stored = await writeFile(call, pathOf(table), bytes, MEDIA_TYPE);
    return {
      value: { table, file: stored, ...loaded },
      artifacts: [stored],
      message: `${table}: ${loaded.rows} rows, ${loaded.columns.length} columns`,
    };
  },
});

async function readSource(
  call: SkillCall,
  ref: ArtifactRef,
  format: TableFormat | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly format: TableFormat }> {
  const bytes = await readFile(call, ref, MOST_BYTES);
  return { bytes, format: format ?? formatOf(ref, bytes) };
}

function formatOf({ name, mediaType }: ArtifactRef, bytes: Uint8Array): TableFormat {
  if (/\.(csv|tsv|tab)$/i.test(name)) return 'csv';
  if (/\.(jsonl|ndjson)$/i.test(name)) return 'jsonl';
  if (/\.json$/i.test(name) || /^application\/json\b/.test(mediaType)) return 'json';
  const start = Buffer.from(bytes.subarray(0, 1_000))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  return start.startsWith('[') ? 'json' : start.startsWith('{') ? 'jsonl' : 'csv';
}

function defaultName(file: ArtifactRef | null): string {
  if (file === null) throw new SkillError('invalid-args', 'table.load needs `as`, the name of the table, with `rows`');
  const name = nameOf(file.name)
    .replace(/[^\w-]/g, '_')
    .replace(/^(?![A-Za-z_])/, '_')
    .slice(0, 60);
  return RESERVED.test(name) ? `${name}_` : name;
}

async function openTable(call: SkillCall, table: string | ArtifactRef): Promise<TableFile> {
  const ref =
    typeof table === 'string' && !table.includes('/') ? await findTable(call, table) : await findFile(call, table);
  return { name: nameOf(ref.name), bytes: await readFile(call, ref, MOST_BYTES) };
}

async function findTable(call: SkillCall, table: string): Promise<ArtifactRef> {
  const found = await toolsOf(call).files.find(pathOf(table));
  if (found !== null) return found;
  const names = (await tablesIn(call)).map(({ name }) => nameOf(name));
  throw new SkillError(
    'not-applicable',
    `There is no table ${table}; ${names.length === 0 ? 'none is loaded' : `loaded are ${names.join(', ')}`}. Load it with table.load first.`,
  );
}

const tablesIn = async (call: SkillCall): Promise<readonly ArtifactRef[]> =>
  (await toolsOf(call).files.list()).filter(({ name }) => /^tables\/[^/]+\.sqlite$/.test(name));

const profile = skill({
  name: 'table.profile',
  source: 'builtin',
  summary:
    'describes a loaded table: rows, and of each column its type, missing and distinct values, range, mean and most frequent values',
  input: z.object({ table: tableArgument }),
  output: z.object({
    table: z.string(),
    rows: z.int(),
    columns: z.array(
      z.object({
        name: z.string(),
        type: columnType,
        nulls: z.int(),
        distinct: z.int(),
        min: cell.describe('of numbers, dates and booleans; null for text'),
        max: cell,
        mean: z.number().nullable(),
        longest: z.int().nullable().describe('characters of the longest text'),
        top: z.array(z.object({ value: cell, count: z.int() })).describe('values that stand more than once'),
        examples: z.array(cell),
      }),
    ),
  }),
  reads: ['file:tables/{table}.sqlite'],
  async run({ table }, call) {
    const file = await openTable(call, table);
    const made = await ask<TableProfile>({ kind: 'profile', file, limits: LOAD }, call);
    return {
      value: { table: file.name, ...made },
      message: `${file.name}: ${made.rows} rows, ${made.columns.length} columns`,
    };
  },
});

const query = skill({
  name: 'table.query',
  source: 'builtin',
  summary: 'asks loaded tables with one read-only SQL select (SQLite); gives the rows as objects, or also as a file',
  input: z.object({
    sql: z.string().min(1).max(100_000).describe('tables by their names, columns with odd names in double quotes'),
    params: z
      .union([z.array(z.json()), z.record(z.string(), z.json())], {
        error: 'must be a list for ?, or an object for :name',
      })
      .optional()
      .describe('values for ? in their order, or for :name'),
    limit: z.int().min(1).max(MOST_INLINE).default(1_000).describe('the most rows of the answer'),
    path: pathArgument.optional().describe('write all rows into this file: .csv, .tsv, .json or .jsonl'),
  }),
  output: z.object({
    columns: z.array(z.string()),
    rows: z.array(z.record(z.string(), cell)),
    count: z.int().describe('rows that were read'),
    truncated: z.boolean().describe('there are more rows than `rows` holds'),
    file: artifactRefSchema.nullable(),
  }),
  reads: ['file:tables/*'],
  writes: ['file:{path}'],
  async run({ sql, params = [], limit, path }, call) {
    const writeAs = path === undefined ? null : writtenFormat(path);
    const files = await tablesNamedIn(sql, call);
    const request = { kind: 'query', files, sql, params, limit, writeAs, limits: QUERY } as const;
    const { file, ...answer } = await ask<QueryAnswer>(request, call);
    const stored = path === undefined || file === null ? null : await writeFile(call, path, file, MEDIA[writeAs!]);
    return {
      value: { ...answer, file: stored },
      artifacts: stored === null ? [] : [stored],
      message: `${answer.rows.length} rows${answer.truncated ? ', cut' : ''}${stored === null ? '' : `, ${answer.count} in ${path}`}`,
    };
  },
});

const MEDIA = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
} as const;

function writtenFormat(path: string): keyof typeof MEDIA {
  const format = /\.(csv|tsv|json|jsonl)$/i.exec(path)?.[1]?.toLowerCase();
  if (format === undefined)
    throw new SkillError(
      'invalid-args',
      '`path` must end with .csv, .tsv, .json or .jsonl, which says how rows are written',
    );
  return format as keyof typeof MEDIA;
}

/** The loaded tables whose names stand in a query. */
async function tablesNamedIn(sql: string, call: SkillCall): Promise<readonly TableFile[]> {
  if (call.tools === undefined) return [];
  const named = (await tablesIn(call)).filter(({ name }) => isNamed(nameOf(name), sql));
  if (named.length > MOST_TABLES)
    throw new SkillError(
      'invalid-args',
      `a query may use ${MOST_TABLES} tables at most; this one names ${named.length}`,
    );
  const files: TableFile[] = [];
  for (const ref of named) files.push({ name: nameOf(ref.name), bytes: await readFile(call, ref, MOST_BYTES) });
  return files;
}

const isNamed = (table: string, sql: string): boolean =>
  new RegExp(`(?<![\\w-])${table.replace(/[^\w]/g, '\\$&')}(?![\\w-])`, 'i').test(sql);

/** Tables: read, described and asked with SQL. */
export const tableSkills: readonly Skill[] = [load, profile, query];

/** Ends the threads that wait for work. */
export const closeTableThreads = (): Promise<void> => threads.close();
