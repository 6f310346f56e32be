import { goalSchema, type Logger } from '@praxis/core';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { migrate } from './migrate.js';
import { openStore, type Store } from './open-store.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };
const goal = goalSchema.parse({ title: 'Water the plants', world: 'household' });

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log: silent, clock: { now: () => 5 } });
});

afterAll(async () => {
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

describe('schedules', () => {
  it('keeps what was said last, since when it stands, and what became of it', async () => {
    await store.schedules.put({ id: 'plants', goal, timing: { kind: 'every', everyMs: 1000 }, createdAt: 7 });
    await store.schedules.put({
      id: 'bins',
      goal,
      timing: { kind: 'cron', cron: '0 7 * * 1', timezone: 'Europe/Berlin' },
      createdAt: 8,
    });
    await store.schedules.ran('plants', 'r-1', 20);
    await store.schedules.put({
      id: 'plants',
      goal: { ...goal, seed: '2' },
      timing: { kind: 'at', at: 99 },
      createdAt: 50,
    });
    await store.schedules.put({
      id: 'plants',
      goal: { ...goal, seed: '2' },
      timing: { kind: 'at', at: 99 },
      createdAt: 60,
    });
    const plants = {
      id: 'plants',
      goal: { ...goal, seed: '2' },
      timing: { kind: 'at', at: 99 },
      createdAt: 50,
      lastRun: 'r-1',
      lastAt: 20,
    };
    expect((await store.schedules.list()).map((s) => s.id)).toEqual(['bins', 'plants']);
    expect(await store.schedules.find('plants')).toEqual(plants);
  });

  it('does not let a slow planner take back a newer time', async () => {
    await store.schedules.ran('bins', 'r-new', 200);
    await store.schedules.ran('bins', 'r-old', 100);
    expect(await store.schedules.find('bins')).toMatchObject({ lastRun: 'r-new', lastAt: 200 });
  });

  it('takes a schedule out once', async () => {
    expect(await store.schedules.remove('bins')).toBe(true);
    expect(await store.schedules.remove('bins')).toBe(false);
    expect(await store.schedules.find('bins')).toBeNull();
  });
});
