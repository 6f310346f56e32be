import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { PraxisError } from '@praxis/core';
import { PlanPool } from '@praxis/search';
import { writeSection } from '../section.js';
import { findInstances, type Instance } from './instances.js';
import { measure, type Measurement } from './measure.js';
import { medianRatio, reportPlanning } from './report.js';

const HELP = `Plans every domain and problem below a folder and checks every plan.

  npm run bench:planning -- --data DIR [options]

  --data DIR         folders with domain.pddl and problems (a manifest.json may give reference plans)
  --plans DIR        write each plan there, in the format of the planning competitions
  --out FILE         page of results (docs/benchmarks.md)
  --only TEXT        only instances whose name contains this
  --evaluated N,M    budgets of evaluated states, tried in order (200000,1000000)
  --workers N        searches at a time (2)
  --resume FILE      go on where this file of results ends; by default a run begins anew
  --min-solved N     fail when fewer are solved
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    plans: { type: 'string' },
    out: { type: 'string', default: 'docs/benchmarks.md' },
    only: { type: 'string', default: '' },
    evaluated: { type: 'string', default: '200000,1000000' },
    workers: { type: 'string', default: '2' },
    resume: { type: 'string' },
    'min-solved': { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
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
  const budgets = values.evaluated.split(',').map(Number);
  const pool = new PlanPool({ workers: Number(values.workers), memoryMb: 1_000 });
  const waiting = instances.filter((i) => !done.has(i.name));
  const take = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const row = await measure(next, pool, budgets);
      done.set(row.name, row);
      appendFileSync(log, `${JSON.stringify(row)}\n`);
      progress(done.size, instances.length, row);
    }
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, take));
  await pool.close();
  return conclude(instances.map((i) => done.get(i.name)!), instances, budgets);
}

function conclude(rows: readonly Measurement[], instances: readonly Instance[], budgets: readonly number[]): number {
  if (values.plans !== undefined) for (const row of rows) writePlan(values.plans, row);
  const text = reportPlanning(rows, budgets);
  writeSection(values.out, 'planning', text);
  process.stdout.write(`\n${text}\n`);
  const solved = rows.filter((r) => r.outcome === 'solved').length;
  const within = rows.filter((r) => r.outcome === 'solved' && r.evaluated <= budgets[0]!).length;
  const ratio = medianRatio(rows);
  process.stdout.write(`\n${solved} of ${instances.length} solved, ${within} within ${budgets[0]} evaluated states${ratio === null ? '' : `; median length ${ratio.toFixed(3)} of the reference`}\n`);
  return rows.some((r) => r.outcome === 'invalid') || solved < Number(values['min-solved']) ? 1 : 0;
}

function readLog(file: string): readonly Measurement[] {
  if (!existsSync(file)) return [];
  // The last line may be half-written, if the run was killed.
  return readFileSync(file, 'utf8').split('\n').filter((l) => l.endsWith('}')).map((l) => JSON.parse(l) as Measurement);
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
  process.stdout.write(`\r\u001B[K[${'█'.repeat(filled)}${'·'.repeat(24 - filled)}] ${done}/${all} ${text.slice(0, 60)}`);
}
