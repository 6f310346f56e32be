import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PraxisError } from '@praxis/core';
import { writeSection } from '../section.js';
import { compare, type Scale, shortfalls, SITUATIONS } from './compare.js';
import { routingSection, rowLine, TABLE_HEAD, verdict } from './report.js';

const HELP = `How well nodes are chosen: time to the first token, cache hits and goodput of our pool beside other ways to choose.

  npm run bench:routing -- [--quick] [--seeds 3] [--seconds 300] [--json FILE] [--out docs/benchmarks.md]

  --quick      three loads, one seed, a short time; writes no page
  --seeds N    seeds of runs; the table shows means
  --seconds N  model time of one simulation; the first quarter is not counted
  --json FILE  all figures, for a program
  --out FILE   page of results

Eight simulated nodes in virtual time, agents whose prompts share long beginnings, loads from 20 to 120 % of what an ideal
router would get out of the nodes; then a node that dies, a slow one, two routers that do not see each other, and nodes
that do not say how much they can do. The same seeds give the same table. Exit code 0: ours is the best or within 2 % of the best
in p50 and p99 of the time to the first token and in goodput everywhere, and lost no call; 1: it is not; 2: it could not be told.
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '300' },
    json: { type: 'string' },
    out: { type: 'string', default: 'docs/benchmarks.md' },
    help: { type: 'boolean', default: false },
  },
});

const QUICK: Scale = { loads: [0.2, 0.6, 1], seeds: ['1'], seconds: 120, warmUpSeconds: 30, situations: SITUATIONS };

try {
  process.exitCode = values.help ? help() : await main();
} catch (thrown) {
  process.stderr.write(`bench:routing: ${PraxisError.from(thrown).message}\n`);
  process.exitCode = 2;
}

function help(): number {
  process.stdout.write(HELP);
  return 0;
}

function count(name: 'seeds' | 'seconds'): number {
  const n = Number(values[name]);
  if (!Number.isInteger(n) || n < 1) throw new PraxisError('invalid', `--${name} must be a whole number from 1 on.`);
  return n;
}

async function main(): Promise<number> {
  const seconds = count('seconds');
  const full: Scale = {
    loads: [0.2, 0.4, 0.6, 0.8, 1, 1.2],
    seeds: Array.from({ length: count('seeds') }, (_, i) => `${i + 1}`),
    seconds,
    warmUpSeconds: seconds / 4,
    situations: SITUATIONS,
  };
  process.stdout.write(`${TABLE_HEAD.join('\n')}\n`);
  const comparison = await compare(
    values.quick ? QUICK : full,
    (row) => void process.stdout.write(`${rowLine(row)}\n`),
  );
  if (!values.quick) writeSection(values.out, 'routing', routingSection(comparison));
  const missing = shortfalls(comparison);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ ...comparison, shortfalls: missing }, null, 2)}\n`);
  process.stdout.write(`\n${[...missing, verdict(comparison)].join('\n')}\n`);
  return missing.length === 0 ? 0 : 1;
}
