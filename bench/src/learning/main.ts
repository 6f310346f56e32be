import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunSummary } from '@praxis/core';
import { machineFacts, writeSection } from '../section.js';
import { startServices, type ScenarioRef, type Services } from './services.js';
import { bootstrap, show } from './statistics.js';

const HELP = `Does learning help? Runs the demo's two halves with and without the archive, over many seeds.

  npm run bench:learning -- [--seeds 20] [--out docs/benchmarks.md]

Each seed runs twice, with learning and without, in an archive space of its own. Every second seed swaps the halves, so
that a harder set of goals helps neither. Exits with 0 when the second half has at least 50 % fewer failed actions with
learning, and no fewer than chance explains without it.
`;

/** Failed actions of one seed and arm. */
interface Row {
  readonly seed: number;
  readonly first: number;
  readonly second: number;
  readonly steps: readonly [number, number];
  readonly unfinished: number;
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    out: { type: 'string', default: 'docs/benchmarks.md' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const dataDir = mkdtempSync(join(tmpdir(), 'praxis-bench-'));
mkdirSync(dataDir, { recursive: true });
const services = await startServices(dataDir);
const arms: Record<'learning' | 'no-archive', Row[]> = { learning: [], 'no-archive': [] };
try {
  const halves = await demoHalves(services);
  const began = Date.now();
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    for (const arm of ['learning', 'no-archive'] as const)
      arms[arm].push(await measure(services, halves, seed, arm === 'learning'));
    const at = arms.learning.at(-1)!;
    const off = arms['no-archive'].at(-1)!;
    process.stdout.write(
      `seed ${seed}: learning ${at.first} → ${at.second}, without ${off.first} → ${off.second} failed actions (${Math.round((Date.now() - began) / 1000)} s)\n`,
    );
  }
} finally {
  await services.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exitCode = report(arms) ? 0 : 1;

async function demoHalves({ runtime }: Services): Promise<readonly [readonly ScenarioRef[], readonly ScenarioRef[]]> {
  const worlds = (await runtime.worlds.list()).filter((w) => w.scenarios.length > 0);
  const all = worlds.flatMap((w) => w.scenarios.map((s) => ({ world: w.name, scenario: s.name })));
  return [all.filter((s) => s.scenario.endsWith('-a')), all.filter((s) => s.scenario.endsWith('-b'))];
}

async function measure(
  on: Services,
  halves: readonly [readonly ScenarioRef[], readonly ScenarioRef[]],
  seed: number,
  learn: boolean,
): Promise<Row> {
  const order = seed % 2 === 1 ? halves : ([halves[1], halves[0]] as const);
  const options = { seed: String(seed), space: `bench-${seed}-${learn ? 'on' : 'off'}`, learn };
  const first = await on.run(order[0], options);
  await on.settle();
  const second = await on.run(order[1], options);
  await on.settle();
  const failed = (runs: readonly RunSummary[]): number => runs.reduce((n, r) => n + r.failedSteps, 0);
  const steps = (runs: readonly RunSummary[]): number => runs.reduce((n, r) => n + r.steps, 0);
  return {
    seed,
    first: failed(first),
    second: failed(second),
    steps: [steps(first), steps(second)],
    unfinished: [...first, ...second].filter((r) => r.status !== 'done').length,
  };
}

function report(rows: Record<'learning' | 'no-archive', readonly Row[]>): boolean {
  const sum = (list: readonly Row[], pick: (row: Row) => number): number => list.reduce((n, r) => n + pick(r), 0);
  const reduction = (list: readonly Row[]): number => 1 - sum(list, (r) => r.second) / sum(list, (r) => r.first);
  const line = (name: 'learning' | 'no-archive'): string => {
    const list = rows[name];
    const mean = (pick: (row: Row) => number): string =>
      show(
        bootstrap(list, (l) => sum(l, pick) / l.length),
        1,
      );
    return `| ${name} | ${mean((r) => r.first)} | ${mean((r) => r.second)} | ${show(bootstrap(list, reduction))} | ${mean((r) => r.steps[0])} | ${mean((r) => r.steps[1])} | ${sum(list, (r) => r.unfinished)} |`;
  };
  const learned = bootstrap(rows.learning, reduction);
  const without = bootstrap(rows['no-archive'], reduction);
  const isHelping = learned.mean >= 0.5;
  const isHonest = without.low <= 0;
  const text = [
    '## Learning',
    '',
    `Failed actions in the two halves of the demo, ${rows.learning.length} seeds, halves swapped on every second seed; means with 95 % bootstrap intervals. ${machineFacts()}.`,
    '',
    '| arm | failed, first half | failed, second half | share saved | steps, first | steps, second | goals not reached |',
    '|---|---|---|---|---|---|---|',
    line('learning'),
    line('no-archive'),
    '',
    `Learning saves at least half: ${isHelping ? 'yes' : 'no'}. Without the archive the second half is no better than chance explains: ${isHonest ? 'yes' : 'no'}.`,
  ].join('\n');
  writeSection(values.out, 'learning', text);
  process.stdout.write(`\n${text}\n`);
  return isHelping && isHonest;
}
