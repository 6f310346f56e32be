// Writes the committed generated code: the Prisma client from prisma/schema.prisma, the protobuf types from proto/.
// `node tools/gen.mjs` generates; `--check` also fails where something was out of date, where the migrations and the
// schema differ, or where the protobuf schema is badly written or breaks its readers. The generators live in
// tools/codegen and are installed at first use.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CODEGEN = join(ROOT, 'tools/codegen');
const BIN = join(CODEGEN, 'node_modules/.bin');
const GENERATED = ['libs/store/src/generated', 'libs/wire/src/gen'];

const say = (line) => process.stdout.write(`${line}\n`);

/** Runs a program in the repository with the generators on its path; gives its output, or stops with what it said. */
function run(command, args, options = {}) {
  const env = {
    ...process.env,
    PATH: `${BIN}${delimiter}${process.env.PATH}`,
    CHECKPOINT_DISABLE: '1',
    ...options.env,
  };
  const result = spawnSync(command, args, {
    cwd: ROOT,
    env,
    input: options.input ?? '',
    maxBuffer: 1 << 28,
    ...options.spawn,
  });
  if (result.status === 0) return result.stdout;
  throw new Error(
    `\`${command} ${args.join(' ')}\` failed${result.error ? `: ${result.error.message}` : ''}\n${result.stdout ?? ''}${result.stderr ?? ''}`,
  );
}

function installGenerators() {
  const installed = join(CODEGEN, 'node_modules/.package-lock.json');
  const isFresh =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(CODEGEN, 'package-lock.json')).mtimeMs;
  if (isFresh) return;
  say('installing the generators (once, about 360 MB)');
  run('npm', ['ci', '--no-audit', '--no-fund'], { spawn: { cwd: CODEGEN, shell: process.platform === 'win32' } });
}

function generate() {
  rmSync(join(ROOT, GENERATED[0]), { recursive: true, force: true });
  run('prisma', ['generate']);
  if (!existsSync(join(ROOT, 'buf.gen.yaml'))) return;
  run('buf', ['generate']);
  const descriptors = run('buf', ['build', '--as-file-descriptor-set', '--exclude-source-info', '-o', '-']);
  run(process.execPath, ['libs/wire/descriptors.mjs'], { input: descriptors });
}

/** What every generated file says now. */
function fingerprints() {
  const files = GENERATED.flatMap((folder) => {
    const path = join(ROOT, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((f) => f.isFile())
      .map((f) => join(f.parentPath ?? f.path, f.name));
  });
  return new Map(
    files.map((file) => [file.slice(ROOT.length), createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );
}

function checkFresh(before, after) {
  const stale = [...new Set([...before.keys(), ...after.keys()])].filter(
    (file) => before.get(file) !== after.get(file),
  );
  if (stale.length > 0)
    throw new Error(`Generated code was out of date; it is written now, commit it:\n  ${stale.join('\n  ')}`);
}

function checkProto() {
  run('buf', ['lint']);
  run('buf', ['format', '-d', '--exit-code']);
  const branch = ['origin/main', 'main'].find(
    (name) => spawnSync('git', ['cat-file', '-e', `${name}:buf.yaml`], { cwd: ROOT }).status === 0,
  );
  if (branch === undefined)
    return say('no main branch with a protobuf schema to compare with: its compatibility was not checked');
  const commit = run('git', ['rev-parse', branch]).toString().trim();
  run('buf', ['breaking', '--against', `.git#ref=${commit}`]);
}

/** Compares what the migrations make with what the schema says, in a database that is thrown away. */
async function checkDrift() {
  const database = process.env.DATABASE_URL
    ? { url: process.env.DATABASE_URL, stop: async () => {} }
    : await startDatabase();
  try {
    const args = [
      'migrate',
      'diff',
      '--from-migrations',
      'prisma/migrations',
      '--to-schema',
      'prisma/schema.prisma',
      '--exit-code',
    ];
    run('prisma', args, { env: { DATABASE_URL: database.url } });
  } finally {
    await database.stop();
  }
}

async function startDatabase() {
  const { createLogger, startEmbeddedPostgres } = await import('@praxis/platform').catch((cause) => {
    throw new Error('The migrations are checked in a database: run `npm run build` first, or set DATABASE_URL.', {
      cause,
    });
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'praxis-gen-'));
  const server = await startEmbeddedPostgres({ dataDir, log: createLogger({ level: 'error', name: 'gen' }) });
  const stop = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url: server.url, stop };
}

try {
  const check = process.argv.includes('--check');
  installGenerators();
  const before = fingerprints();
  generate();
  if (check) {
    checkFresh(before, fingerprints());
    if (existsSync(join(ROOT, 'buf.yaml'))) checkProto();
    await checkDrift();
  }
  say(check ? 'generated code, protobuf schema and migrations are in order' : 'generated');
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
