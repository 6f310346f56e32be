import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ChaosResult } from './chaos-run.js';
import { faultText } from './draw-fault.js';
import { report } from './report.js';
import { runChaos } from './run-chaos.js';
import { drawTrials, matrixTrials } from './trials.js';

/**
 * `--runs N --seed S` carries out N seeded runs; `--only N` one of them; `--matrix` kills at each point of each service
 * once. `--keep DIR` writes down the histories in which a law was broken.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    matrix: { type: 'boolean', default: false },
    clusters: { type: 'string', default: '4' },
    keep: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const HELP = `Usage: npm run chaos -- [options]

Runs goals on real services, real Postgres and Redis, strikes each at a seeded point, and checks what is left.

  --runs N      how many runs (1000)
  --seed S      what the strikes are drawn from (1)
  --only N      run N of the seed alone: a failure again
  --matrix      instead: kill each service once at each fault point
  --clusters N  how many clusters side by side (4)
  --keep DIR    write down the histories in which a law was broken
  --verbose     a line for every run

Exit code 1: a law was broken.`;
if (values.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit(0);
}

const { seed, matrix, only, keep, verbose } = values;
const numbers = only === undefined ? Array.from({ length: Number(values.runs) }, (_, i) => i + 1) : [Number(only)];
const trials = matrix
  ? matrixTrials(seed).filter((t) => only === undefined || t.number === Number(only))
  : drawTrials(seed, numbers);
const dir = mkdtempSync(join(tmpdir(), 'praxis-chaos-'));
const began = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(0)} s`;
const done: ChaosResult[] = [];

/** Nothing that was started stays behind. */
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => interrupted.abort(new Error(`interrupted by ${name}`)));

/** In the matrix every point is there to be passed; elsewhere a seed may give one that its run never comes to. */
const isBad = ({ violations, wasStruck }: ChaosResult): boolean => violations.length > 0 || (matrix && !wasStruck);

function tell(result: ChaosResult): void {
  done.push(result);
  const { number, fault, wasStruck, violations } = result;
  const what = `run ${String(number)} (${faultText(fault)})`;
  if (verbose || (matrix && !wasStruck))
    say(
      `${what}: ${wasStruck ? 'struck' : 'NOT PASSED'}${result.endedMs === null ? '' : `, ended after ${String(result.endedMs)} ms`}`,
    );
  for (const { law, what: how } of violations) say(`VIOLATION in ${what}: ${law}: ${how}`);
  if (isBad(result)) {
    say(`  again: npm run chaos -- --seed ${seed}${matrix ? ' --matrix' : ''} --only ${String(number)}`);
    if (keep !== undefined) write(keep, result);
  }
  if (done.length % 50 === 0)
    say(
      `${String(done.length)} runs after ${seconds()}, ${String(done.filter((r) => r.wasStruck).length)} struck, ${String(done.filter(isBad).length)} in violation`,
    );
}

function write(folder: string, result: ChaosResult): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `run-${String(result.number)}.json`),
    JSON.stringify(
      { ...result, history: { ...result.history, streams: Object.fromEntries(result.history.streams) } },
      null,
      1,
    ),
  );
}

try {
  const { backend, restarts } = await runChaos({
    dir,
    seed,
    trials,
    clusters: Math.min(trials.length, Number(values.clusters)),
    signal: interrupted.signal,
    onResult: tell,
    onLine: (line) => void (verbose && say(`  ${line}`)),
  });
  say(report(done, { seed, backend, restarts, took: seconds() }));
  process.exitCode = done.some(isBad) ? 1 : 0;
} finally {
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}
// Left to itself, Node 20 may wait for ever for the handles of sockets that were reset.
process.exit();
