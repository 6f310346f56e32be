#!/usr/bin/env node
/**
 * Stands in for Prisma's native schema engine, which the CLI would otherwise download: the same arguments and the
 * same JSON-RPC over stdio, answered by the WebAssembly build of the engine and the pg adapter.
 *
 * schema-engine.1 Answers are written in the order of the questions; one question is worked on at a time.
 * schema-engine.2 Every shadow database is dropped, also when a question fails.
 * schema-engine.3 A script is sent whole: splitting it at semicolons would break function bodies.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { Client } from 'pg';

const require = createRequire(import.meta.url);
const args = process.argv.slice(2);

/** The value after each occurrence of an option. */
const optionValues = (name) => args.flatMap((arg, i) => (arg === name ? [args[i + 1]] : []));

const url =
  JSON.parse(optionValues('--datasource')[0] ?? '{}').url ?? process.env.DATABASE_URL ?? 'postgresql://127.0.0.1/none';

/** Parameters that Prisma understands and pg would send on to the server. */
const PRISMA_PARAMETERS = ['schema', 'connection_limit', 'pool_timeout', 'pgbouncer', 'connect_timeout'];

/** The URL for pg, of this database or of another one on the same server. */
function connectionUrl(from, database) {
  const target = new URL(from);
  for (const name of PRISMA_PARAMETERS) target.searchParams.delete(name);
  if (database !== undefined) target.pathname = `/${encodeURIComponent(database)}`;
  return target.toString();
}

const databaseName = (of) => decodeURIComponent(new URL(of).pathname.slice(1));
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

async function runOnce(connectionString, sql) {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const runOnServer = (of, sql) => runOnce(connectionUrl(of, 'postgres'), sql);

/** The sub-commands of `schema-engine cli`. */
const CLI = {
  'can-connect-to-database': () => runOnce(connectionUrl(url), 'select 1'),
  'create-database': () => runOnServer(url, `create database ${quoted(databaseName(url))}`),
  'drop-database': () => runOnServer(url, `drop database ${quoted(databaseName(url))}`),
};

/** Postgres error codes in Prisma's numbers. */
const PRISMA_CODES = { '3D000': 'P1003', '28P01': 'P1000' };

async function runCli(command) {
  try {
    await CLI[command]?.();
    process.exit(0);
  } catch (error) {
    const fields = { is_panic: false, error_code: PRISMA_CODES[error.code] ?? 'P1001', message: error.message };
    process.stderr.write(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}\n`);
    process.exit(1);
  }
}

/** The type "char" of pg_catalog, which the adapter refuses, and a type that it reads in the same way. */
const CHAR_TYPE = 18;
const PADDED_TYPE = 1042;

/** Lets the adapter read columns of type "char", and tells the engine that they hold single characters. */
function readCharColumns(adapter) {
  const { performIO, queryRaw } = adapter;
  const charColumns = new WeakMap();
  adapter.performIO = async (query) => {
    const result = await performIO.call(adapter, query);
    const found = (result.fields ?? []).flatMap((field, i) => (field.dataTypeID === CHAR_TYPE ? [i] : []));
    for (const i of found) result.fields[i].dataTypeID = PADDED_TYPE;
    if (found.length > 0) charColumns.set(result.rows, found);
    return result;
  };
  adapter.queryRaw = async (query) => {
    const result = await queryRaw.call(adapter, query);
    for (const i of charColumns.get(result.rows) ?? []) result.columnTypes[i] = ColumnTypeEnum.Character;
    return result;
  };
  return adapter;
}

function sendScriptsWhole(adapter) {
  adapter.executeScript = async (sql) => {
    try {
      await adapter.underlyingDriver().query(sql);
    } catch (error) {
      adapter.onError(error);
    }
  };
  return adapter;
}

const shadows = new Set();

async function dropShadow(name) {
  if (shadows.delete(name)) await runOnServer(url, `drop database if exists ${quoted(name)} with (force)`);
}

/** The adapter's own shadow databases replay the history on the main database, hence ours. */
class AdapterFactory extends PrismaPg {
  async connect() {
    return sendScriptsWhole(readCharColumns(await super.connect()));
  }

  async connectToShadowDb() {
    const name = `praxis_shadow_${randomUUID()}`;
    await runOnServer(url, `create database ${quoted(name)}`);
    shadows.add(name);
    const adapter = sendScriptsWhole(
      readCharColumns(await new PrismaPg({ connectionString: connectionUrl(url, name) }).connect()),
    );
    const dispose = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      await dispose();
      await dropShadow(name);
    };
    return adapter;
  }
}

async function startEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (text) => process.stderr.write(`${text}\n`) };
  const glue = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bindings = await import(glue);
  const wasm = new WebAssembly.Module(readFileSync(glue.replace(/\.js$/, '.wasm')));
  const instance = new WebAssembly.Instance(wasm, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const datamodels = optionValues('--datamodels').map((path) => [path, readFileSync(path, 'utf8')]);
  const schema = new URL(url).searchParams.get('schema');
  const factory = new AdapterFactory(
    { connectionString: connectionUrl(url) },
    schema === null ? undefined : { schema },
  );
  const options = { datamodels: datamodels.length > 0 ? datamodels : undefined };
  return bindings.SchemaEngine.new(options, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
}

let starting = null;
const engine = () => (starting ??= startEngine());

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

const printing = new Map();

/** Asks the CLI to print; it answers with the same id. */
function print(content) {
  const id = `print-${printing.size}-${randomUUID()}`;
  return new Promise((resolve) => {
    printing.set(id, resolve);
    send({ id, method: 'print', params: { content } });
  });
}

/** Questions whose name or answer differs between the native engine and the WebAssembly one. */
const METHODS = {
  createDatabase: async (params) => {
    const target = params?.datasource?.url ?? url;
    await runOnServer(target, `create database ${quoted(databaseName(target))}`);
    return { databaseName: databaseName(target) };
  },
  getDatabaseVersion: async (params) => (await engine()).version(params),
  diff: async (params) => {
    const { stdout, exitCode } = await (await engine()).diff(params);
    if (stdout !== null && stdout !== undefined) await print(stdout);
    return { exitCode, stdout: null };
  },
};

async function answer({ id, method, params }) {
  try {
    const result = METHODS[method] ? await METHODS[method](params) : await (await engine())[method](params);
    send({ id, result: result ?? {} });
  } catch (error) {
    const data = { is_panic: false, message: error.message, meta: error.meta ?? null, error_code: error.code ?? null };
    send({ id, error: { code: 4466, message: 'An error happened. Check the data field for details.', data } });
  }
}

async function stop(code) {
  for (const name of shadows) await dropShadow(name).catch(() => {});
  process.exit(code);
}

function serve() {
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error.stack}\n`);
    void stop(1);
  });
  let last = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const message = JSON.parse(line);
    if (message.method) last = last.then(() => answer(message));
    else printing.get(message.id)?.();
  });
  lines.on('close', () => {
    void last.then(() => stop(0));
  });
}

if (args.includes('--version')) {
  process.stdout.write('schema-engine-cli (WebAssembly)\n');
} else if (args.includes('cli')) {
  await runCli(args[args.indexOf('cli') + 1]);
} else {
  serve();
}
