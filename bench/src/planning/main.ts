import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { PraxisError } from '@praxis/core';
import { PlanPool } from '@praxis/search';
import { writeSection } from '../section.js';
import { findInstances, type Instance } from './instances.js';
import { measure, type Limits, type Measurement } from './measure.js';
import { medianRatio, reportPlanning } from './report.js';

const HELP = `Plans every domain and problem below a folder and checks every plan.

  npm run bench:planning -- --data DIR [options]

  --data DIR         folders with domain.pddl and problems (a manifest.json may give reference plans)
  --plans DIR        write each plan there, in the format of the planning competitions
  --out FILE         page of results (docs/benchmarks.md)
  --only TEXT        only instances whose name contains this
  --evaluated N,M    budgets of evaluated states, tried in order (200000,1000000)
  --seconds N        time for each search (300)
  --workers N        searches at a time (2)
  --resume FILE      go on where this file of results ends; by default a run begins anew
  --min-solved N     fail when fewer are solved

Exit code 1: a plan is invalid, a search did not stop, fewer are solved than asked for, or an instance could not be
read; each is listed.
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    plans: { type: 'string' },
    out: { type: 'string', default: 'docs/benchmarks.md' },
    only: { type: 'string', default: '' },
    evaluated: { type: 'string', default: '200000,1000000' },
    seconds: { type: 'string', default: '300' },
    workers: { type: 'string', default: '2' },
    resume: { type: 'string' },
    'min-solved': { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});

/** Outcomes that say something about the planner or the reader, not about the size of the instance. */
const FAILURES: ReadonlySet<Measurement['outcome']> = new Set(['invalid', 'hung', 'error']);

// Whoever reads the results may stop early, as `| head` does; the file of results is written all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = values.help || values.data === undefined ? help() : await run(values.data);
} catch (thrown) {
  const error = PraxisError.from(thrown);
  process.stderr.write(`bench:planning: ${error.message}\n`);
  process.exitCode = 2;
}

function help(): number {
  process.stdout.write(HELP);
  return values.help ? 0 : 2;
}

async function run(data: string): Promise<number> {
  const instances = findInstances(data).filter((i) => i.name.includes(values.only));
  const log = values.resume ?? '.praxis/bench/planning.jsonl';
  if (values.resume === undefined) rmSync(log, { force: true });
  mkdirSync(dirname(log), { recursive: true });
  const done = new Map(readLog(log).map((m) => [m.name, m]));
  const limits: Limits = { evaluated: values.evaluated.split(',').map(Number), seconds: Number(values.seconds) };
  const pool = new PlanPool({ workers: Number(values.workers), memoryMb: 1_000 });
  const waiting = instances.filter((i) => !done.has(i.name));
  const take = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const row = await measure(next, pool, limits);
      done.set(row.name, row);
      appendFileSync(log, `${JSON.stringify(row)}\n`);
      progress(done.size, instances.length, row);
    }
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, take));
  await pool.close();
  return conclude(
    instances.map((i) => done.get(i.name)!),
    instances,
    limits,
  );
}

function conclude(rows: readonly Measurement[], instances: readonly Instance[], limits: Limits): number {
  if (values.plans !== undefined) for (const row of rows) writePlan(values.plans, row);
  const text = reportPlanning(rows, limits);
  writeSection(values.out, 'planning', text);
  process.stdout.write(`\n${text}\n`);
  const solved = rows.filter((r) => r.outcome === 'solved').length;
  const within = rows.filter((r) => r.outcome === 'solved' && r.evaluated <= limits.evaluated[0]!).length;
  const ratio = medianRatio(rows);
  process.stdout.write(
    `\n${solved} of ${instances.length} solved, ${within} within ${limits.evaluated[0]} evaluated states${ratio === null ? '' : `; median length ${ratio.toFixed(3)} of the reference`}\n`,
  );
  const failed = rows.filter(({ outcome }) => FAILURES.has(outcome));
  for (const { name, outcome, note } of failed) process.stderr.write(`bench:planning: ${name}: ${outcome}: ${note}\n`);
  return failed.length > 0 || solved < Number(values['min-solved']) ? 1 : 0;
}

function readLog(file: string): readonly Measurement[] {
  if (!existsSync(file)) return [];
  // The last line may be half-written, if the run was killed.
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((l) => l.endsWith('}'))
    .map((l) => JSON.parse(l) as Measurement);
}

function writePlan(folder: string, row: Measurement): void {
  if (row.plan === '') return;
  const file = join(folder, `${row.name}.plan`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, row.plan);
}

function progress(done: number, all: number, row: Measurement): void {
  const text = `${row.name}: ${row.outcome}${row.steps === null ? '' : `, ${row.steps} steps`}, ${row.evaluated} evaluated, ${row.seconds.toFixed(1)} s`;
  if (!process.stdout.isTTY) return void process.stdout.write(`${done}/${all} ${text}\n`);
  const filled = Math.round((24 * done) / all);
  process.stdout.write(
    `\r\u001B[K[${'█'.repeat(filled)}${'·'.repeat(24 - filled)}] ${done}/${all} ${text.slice(0, 60)}`,
  );
}
