import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PraxisError } from '@praxis/core';
import { createLogger, startEmbeddedPostgres } from '@praxis/platform';
import { writeSection } from '../section.js';
import { measureAcross, type Across } from './across-processes.js';
import { measureConversation } from './conversation.js';
import { Meter } from './meter.js';
import { measureOneProcess } from './one-process.js';
import { startPeers, type Peer } from './peers.js';
import { startRedis } from '../redis.js';
import { conversationText, ratiosOf, stepsSection } from './report.js';

const HELP = `What a durable step costs: steps per second, the gap between two steps, bytes of the database's log.

  npm run bench:steps -- [--quick] [--rounds 5] [--no-peers] [--no-services] [--out docs/benchmarks.md]

  --quick        one short round and a short conversation; writes no page
  --rounds N     rounds in which everybody takes a turn; the table shows medians
  --no-peers     leave other engines out
  --no-services  leave the part through planner, queue and executor out
  --out FILE     page of results

Other engines run beside, where they are installed: npm install --prefix bench/peers
Everything is measured on one real Postgres, started for it with its defaults (fsync on) and removed after it. The last
line is "ratio to raw: X, grouped: Y": our steps per second over those of a row and a commit per step, with 20 in flight, and
with 64, where our appends share commits. The page has the ratios to writers that share commits themselves.
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    'no-peers': { type: 'boolean', default: false },
    'no-services': { type: 'boolean', default: false },
    out: { type: 'string', default: 'docs/benchmarks.md' },
    help: { type: 'boolean', default: false },
  },
});

/** Nothing that was started stays behind. */
const peers: Peer[] = [];

try {
  if (values.help) process.stdout.write(HELP);
  else await withServer(main);
} catch (thrown) {
  process.stderr.write(`bench:steps: ${PraxisError.from(thrown).message}\n`);
  process.exitCode = 2;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function withServer(work: (url: string, meter: Meter, dir: string) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'praxis-bench-'));
  // As root the database runs as another user, who must be able to get there.
  chmodSync(dir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: dir, log: createLogger({ level: 'error', name: 'bench' }) });
  const clear = async (): Promise<void> => {
    for (const peer of peers) peer.stop();
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => void clear().finally(() => process.exit(code)));
  try {
    const meter = await Meter.open(server.url);
    await work(server.url, meter, dir);
    await meter.close();
  } finally {
    await clear();
  }
}

async function main(url: string, meter: Meter, dir: string): Promise<void> {
  const [server] = await meter.ask<{ version: string; fsync: string }>(
    "select current_setting('server_version') as version, current_setting('fsync') as fsync",
  );
  say(`Postgres ${server!.version}, fsync ${server!.fsync}`);
  const notes: string[] = [];
  const busy = loadavg()[0]!;
  const note = (text: string): void => {
    notes.push(text);
    say(text);
  };
  if (busy > availableParallelism() / 2)
    note(
      `the machine was busy with other work (load ${busy.toFixed(1)} on ${availableParallelism()} cores): times are too long and rates too low, and only bytes and transactions mean what they say`,
    );
  if (!values['no-peers']) peers.push(...(await startPeers(url, meter, note)));
  const rows = await measureOneProcess({
    url,
    meter,
    peers,
    rounds: values.quick ? 1 : Number(values.rounds),
    size: values.quick ? 0.3 : 1,
    say,
  });
  for (const peer of peers.splice(0)) peer.stop();
  const across = values['no-services'] ? [] : await acrossProcesses(url, meter, { dir, note });
  const talk = values.quick ? { calls: 100, tokens: 20_000 } : { calls: 1000, tokens: 200_000 };
  const conversation = conversationText(await measureConversation(url, meter, talk), talk.tokens);
  const text = stepsSection({ rows, across, conversation, notes });
  if (!values.quick) writeSection(values.out, 'steps', text);
  const { single, grouped } = ratiosOf(rows);
  say(`\n${text}\n\nratio to raw: ${single.toFixed(2)}, grouped: ${grouped.toFixed(2)}`);
}

async function acrossProcesses(
  url: string,
  meter: Meter,
  { dir, note }: { readonly dir: string; note(text: string): void },
): Promise<readonly Across[]> {
  const own = async (name: string): Promise<string> => {
    await meter.ask(`create database ${name}`);
    const at = new URL(url);
    at.pathname = `/${name}`;
    return at.toString();
  };
  const how = { dir, runs: values.quick ? 3 : 20, length: 20 };
  const all = [await measureAcross({ ...how, url: await own('services_postgres'), redisUrl: null })];
  const redis = await startRedis(dir);
  if (redis === null) note('redis-server is not installed: the part through Redis is left out');
  else {
    try {
      all.push(await measureAcross({ ...how, url: await own('services_redis'), redisUrl: redis.url }));
    } finally {
      await redis.stop();
    }
  }
  return all;
}
