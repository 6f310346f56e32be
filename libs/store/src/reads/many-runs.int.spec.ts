import {
  goalSchema,
  runEvents,
  runStream,
  type Logger,
  type RunEvent,
  type RunStatus,
  type RunSummary,
} from '@praxis/core';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { migrate } from '../migrate.js';
import { openStore, type Store } from '../open-store.js';
import type { RunFilter } from './run-reads.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };

const RUNS = 10_000;
const STATUSES: readonly Exclude<RunStatus, 'paused'>[] = ['waiting', 'running', 'done', 'failed', 'cancelled'];
const WORLDS = ['household', 'warehouse', 'pddl'];
const MEALS = ['breakfast', 'lunch', 'dinner', 'supper'];

const idOf = (n: number): string => `r-${String(n).padStart(6, '0')}`;
const titleOf = (n: number): string =>
  n % 2500 === 7 ? `Find the needle ${n}` : `Lay the table for ${MEALS[n % 4]} ${n}`;

let database: TestDatabase;
let store: Store;
let now = 1_000_000;

/** A run as it is after its first events; the status goes by its number. */
function eventsOf(n: number): readonly RunEvent[] {
  const accepted: RunEvent = { type: 'accepted', goal: goalSchema.parse({ title: titleOf(n), world: WORLDS[n % 3] }) };
  const planned: RunEvent = {
    type: 'planned',
    plan: { version: 1, nodes: [] },
    diff: { kept: [], added: [], dropped: [] },
    reason: 'first',
    evaluated: 1,
  };
  const status = STATUSES[n % 5]!;
  if (status === 'waiting') return [accepted];
  if (status === 'running') return [accepted, planned];
  return [accepted, planned, { type: 'ended', outcome: status, reason: '' }];
}

const write = (n: number): Promise<number> =>
  store.journal.append(
    runStream(idOf(n)),
    0,
    eventsOf(n).map((e) => runEvents.encode(e)),
  );

/** Pages through all runs of a filter; `between` happens after each page. */
async function readAll(
  filter: RunFilter,
  size: number,
  between: () => Promise<unknown> = async () => undefined,
): Promise<readonly RunSummary[]> {
  const seen: RunSummary[] = [];
  for (let token: string | null = null; ;) {
    const page = await store.runs.list(filter, { size, token });
    seen.push(...page.runs);
    token = page.next;
    if (token === null) return seen;
    await between();
  }
}

const numbers = Array.from({ length: RUNS }, (_, n) => n);
/** Newest first, as lists are. */
const idsWhere = (holds: (n: number) => boolean): readonly string[] => numbers.filter(holds).map(idOf).reverse();
const ids = (runs: readonly RunSummary[]): readonly string[] => runs.map((r) => r.id);

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log: silent, clock: { now: () => now }, poolSize: 4 });
  // Many runs share one moment, so that only their ids tell them apart.
  for (let from = 0; from < RUNS; from += 250) {
    await Promise.all(numbers.slice(from, from + 250).map(write));
    now++;
  }
});

afterAll(async () => {
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

describe('ten thousand runs', () => {
  it('are paged through without a gap or a repeat while new ones arrive', async () => {
    let next = RUNS;
    const seen = await readAll({}, 200, async () => {
      now++;
      await write(next++);
    });
    expect(ids(seen)).toEqual(idsWhere(() => true));
    expect(next).toBeGreaterThan(RUNS + 40);
    expect(ids((await store.runs.list({}, { size: 1, token: null })).runs)).toEqual([idOf(next - 1)]);
  });

  it.each(STATUSES)('are filtered by the status %s, page by page', async (status) => {
    const seen = (await readAll({ status }, 500)).filter((r) => r.id < idOf(RUNS));
    expect(ids(seen)).toEqual(idsWhere((n) => STATUSES[n % 5] === status));
  });

  it('are searched by words that many titles have and by words that few have', async () => {
    const found = async (filter: RunFilter): Promise<readonly string[]> =>
      ids(await readAll(filter, 500)).filter((id) => id < idOf(RUNS));
    expect(await found({ text: 'TABLE FOR LUNCH' })).toEqual(idsWhere((n) => n % 4 === 1 && n % 2500 !== 7));
    expect(await found({ text: 'needle' })).toEqual(idsWhere((n) => n % 2500 === 7));
    expect(await found({ text: 'r-0099' })).toEqual(idsWhere((n) => n >= 9900));
    expect(await found({ text: 'lunch', status: 'failed', world: 'pddl' })).toEqual(
      idsWhere((n) => n % 4 === 1 && n % 5 === 3 && n % 3 === 2 && n % 2500 !== 7),
    );
    expect(await found({ text: 'nowhere' })).toEqual([]);
  });

  it('are counted by status', async () => {
    const counts = await store.runs.counts();
    const sum = Object.values(counts).reduce((a, b) => a + b, 0);
    expect(sum).toBeGreaterThan(RUNS);
    for (const status of STATUSES) expect(counts[status]).toBe((await readAll({ status }, 500)).length);
  });
});
