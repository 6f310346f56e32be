import { createLogger } from '@praxis/platform';
import { migrate, openStore } from '@praxis/store';
import { measureLoad, medianFigures, type Figures, type Load, type RunOne } from './load.js';
import type { Meter } from './meter.js';
import { runPlan } from './plan-run.js';
import type { Peer } from './peers.js';
import { openRawWriters } from './raw-writers.js';

/** One line of the table: who, under which load. */
export interface Row {
  readonly who: string;
  readonly load: Load;
  readonly figures: Figures;
}

/** A contestant under a load, measured once a round. */
interface Entry {
  readonly who: string;
  readonly load: Load;
  readonly measure: () => Promise<Figures>;
  readonly rounds: Figures[];
  /** Somebody else's failure ends their part, not the benchmark. */
  readonly isPeer: boolean;
}

export const RAW = 'raw: a row and a commit per step';
export const SHARED = 'raw: a row per step, group commits';
export const GROUPED = 'raw: rows of many steps in one statement, group commits';
export const JOURNAL = 'raw: two fenced events per step in one statement, group commits';
export const OURS = 'Praxis';

/** Runs in flight, runs and steps of each; the faster a contestant is, the more runs a figure takes. */
const LOADS = {
  [RAW]: [
    [1, 60, 10],
    [20, 400, 10],
    [64, 400, 10],
  ],
  [SHARED]: [
    [1, 60, 10],
    [20, 800, 10],
    [64, 1200, 10],
  ],
  [GROUPED]: [
    [1, 60, 10],
    [20, 1200, 10],
    [64, 2400, 10],
  ],
  [JOURNAL]: [
    [1, 60, 10],
    [20, 1000, 10],
    [64, 2000, 10],
  ],
  [OURS]: [
    [1, 60, 10],
    [20, 400, 10],
    [64, 800, 10],
    [1, 6, 100],
    [20, 40, 100],
    [64, 128, 100],
  ],
} as const satisfies Record<string, readonly (readonly [number, number, number])[]>;

const PEER_LOADS: readonly Load[] = [
  { inFlight: 1, runs: 5, length: 10 },
  { inFlight: 20, runs: 60, length: 10 },
];

export interface OneProcessOptions {
  readonly url: string;
  readonly meter: Meter;
  readonly peers: readonly Peer[];
  readonly rounds: number;
  /** Scales how many runs each measurement takes. */
  readonly size: number;
  say(line: string): void;
}

/** Measures everybody in turn, round after round, and gives the median of each figure. */
export async function measureOneProcess({
  url,
  meter,
  peers,
  rounds,
  size,
  say,
}: OneProcessOptions): Promise<readonly Row[]> {
  await migrate(url);
  const store = await openStore({
    url,
    log: createLogger({ level: 'error', name: 'bench' }),
    clock: { now: () => Date.now() },
  });
  const raw = await openRawWriters(url, 64);
  const ours: RunOne = (run, length, onStep) => runPlan(store.journal, run, length, onStep);
  const entries = [
    ...entriesOf(RAW, raw.row, meter, size),
    ...entriesOf(SHARED, raw.shared, meter, size),
    ...entriesOf(GROUPED, raw.grouped, meter, size),
    ...entriesOf(JOURNAL, raw.journal, meter, size),
    ...entriesOf(OURS, ours, meter, size),
    ...peers.flatMap((peer) => peerEntries(peer, meter)),
  ];
  try {
    for (let round = 0; round <= rounds; round++) await measureRound(entries, meter, { round, say });
  } finally {
    await raw.close();
    await store.close();
  }
  return entries
    .filter((e) => e.rounds.length > 0)
    .map(({ who, load, rounds: all }) => ({ who, load, figures: medianFigures(all) }));
}

/** One contestant of ours, once for each of its loads. */
function entriesOf(who: keyof typeof LOADS, runOne: RunOne, meter: Meter, size: number): readonly Entry[] {
  return LOADS[who].map(([inFlight, runs, length]) => {
    const load = { inFlight, runs: Math.ceil(runs * size), length };
    return { who, load, measure: () => measureLoad(meter, load, runOne), rounds: [], isPeer: false };
  });
}

/** Somebody else's product, once for each load. */
function peerEntries(peer: Peer, meter: Meter): readonly Entry[] {
  return PEER_LOADS.map((load) => ({
    who: peer.name,
    load,
    measure: () => peer.measure(meter, load),
    rounds: [],
    isPeer: true,
  }));
}

/** The first round warms everybody up and counts for nothing. */
async function measureRound(
  entries: readonly Entry[],
  meter: Meter,
  { round, say }: { readonly round: number; say(line: string): void },
): Promise<void> {
  if (round === 0) await meter.checkpoint();
  for (const entry of entries) {
    const before = await meter.lastCheckpoint();
    const figures = await entry.measure().catch((error: unknown) => {
      if (!entry.isPeer) throw error;
      say(`round ${round}: ${entry.who} failed: ${String(error)}`);
      return null;
    });
    if (round === 0 || figures === null) continue;
    entry.rounds.push(figures);
    // The first touch of a page after a checkpoint logs the whole page: such a measurement says little about a step.
    if ((await meter.lastCheckpoint()) !== before)
      say(`a checkpoint fell into round ${round} of "${entry.who}": its bytes are too high`);
    say(
      `round ${round}: ${entry.who}, ${entry.load.inFlight} in flight, ${entry.load.length} steps: ${Math.round(figures.perSecond)} steps/s`,
    );
  }
}
