import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PraxisError } from '@praxis/core';
import { answerFormat } from '@praxis/inference';
import { createLogger, startEmbeddedPostgres } from '@praxis/platform';
import { writeSection } from '../section.js';
import { Meter } from '../steps/meter.js';
import { courierThought } from './courier-thoughts.js';
import { startInstantNode } from './instant-node.js';
import { measureFloor, measureOurs, measureStages, storedBytes, type Load } from './measure.js';
import { openCalls, type OpenCalls } from './open-calls.js';
import { callsSection, type Figures, type Row } from './report.js';

const HELP = `What a call of a model costs beside the model: request, prompt, route, check, keep, journal.

  npm run bench:model-calls -- [--quick] [--out docs/benchmarks.md]

  --quick     few calls; writes no page
  --out FILE  page of results

Everything is real but the model: the pool, the client, the interpreter, and a Postgres that is started for it with its
defaults (fsync on) and removed after it. The node is an HTTP server in a process of its own that answers at once; bare
requests to it in the same run are the floor.
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'docs/benchmarks.md' },
    help: { type: 'boolean', default: false },
  },
});

/** Undone in reverse order, however it ends. */
const closers: (() => unknown)[] = [];

try {
  if (values.help) process.stdout.write(HELP);
  else await main();
} catch (thrown) {
  process.stderr.write(`bench:model-calls: ${PraxisError.from(thrown).message}\n`);
  process.exitCode = 2;
} finally {
  await closeAll();
}

async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => void closeAll().finally(() => process.exit(code)));
  const notes: string[] = [];
  const busy = loadavg()[0]!;
  if (busy > availableParallelism() / 2)
    notes.push(
      `the machine was busy with other work (load ${busy.toFixed(1)} on ${availableParallelism()} cores): times are too long; CPU, shares and bytes are near the truth`,
    );
  const node = await startInstantNode();
  closers.push(() => node.stop());
  const url = await startDatabase();
  const meter = await Meter.open(url);
  closers.push(() => meter.close());
  const open = await openCalls(url, node.url);
  closers.push(() => open.close());
  const figures = await measureAll(open, meter, node.url);
  const text = callsSection({ ...figures, notes });
  if (!values.quick) writeSection(values.out, 'model-calls', text);
  say(`\n${text}`);
}

async function startDatabase(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'praxis-bench-'));
  closers.push(() => rmSync(dir, { recursive: true, force: true }));
  // As root the database runs as another user, who must be able to get there.
  chmodSync(dir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: dir, log: createLogger({ level: 'error', name: 'bench' }) });
  closers.push(() => server.stop());
  return server.url;
}

async function measureAll(open: OpenCalls, meter: Meter, nodeUrl: string): Promise<Omit<Figures, 'notes'>> {
  const size = values.quick ? 0.2 : 1;
  const body = bareBody(open);
  const loads: readonly Load[] = [
    [1, 20],
    [16, 96],
    [128, 256],
  ].map(([inFlight, runs]) => ({ inFlight: inFlight!, runs: Math.max(inFlight!, Math.ceil(runs! * size)), calls: 20 }));
  // The first round warms everybody up and counts for nothing.
  for (const load of loads)
    await measureOurs(open, meter, { ...load, runs: Math.min(load.runs, load.inFlight), calls: 5 });
  await meter.checkpoint();
  const empty = await storedBytes(meter);
  const rows: Row[] = [];
  for (const load of loads) {
    const floor = await measureFloor(nodeUrl, body, load);
    rows.push({ inFlight: load.inFlight, floor, ours: await measureOurs(open, meter, load) });
    say(`${load.inFlight} in flight: bare ${floor.p50.toFixed(2)} ms, ours ${rows.at(-1)!.ours.p50.toFixed(2)} ms`);
  }
  const bytesPerCall =
    ((await storedBytes(meter)) - empty) / loads.reduce((sum, { runs, calls }) => sum + runs * calls, 0);
  return { rows, stages: await measureStages(open, values.quick ? 50 : 400), bytesPerCall, promptBytes: body.length };
}

/** The same request as ours, as the bare client sends it. */
function bareBody({ prompt }: OpenCalls): string {
  const { order } = courierThought(prompt, 'r-bare', 3, new AbortController().signal);
  const { messages } = prompt.render(order.values, 14_336);
  const { name, schema } = answerFormat(order.kind, order.limits);
  return JSON.stringify({
    model: 'instant',
    messages,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 2_048,
    temperature: 0,
    seed: 1,
    response_format: { type: 'json_schema', json_schema: { name, schema, strict: true } },
  });
}
