import { PraxisError, goalSchema, type Goal, type Logger, type RunId } from '@praxis/core';
import { openQueues, type Queues } from '@praxis/platform';
import { migrate, openStore, type Store } from '@praxis/store';
import { stopTestPostgres, testDatabase, testRedis, type TestDatabase, type TestRedis } from '@praxis/testing';
import { ScheduleService } from './schedule-service.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const goal = goalSchema.parse({ title: 'Water the plants', world: 'household', scenario: 'plants' });
const HOUR = 3_600_000;

let database: TestDatabase;
let redis: TestRedis | null = null;
let store: Store;
/** Ahead of the machine's clock where a test says so. */
let ahead = 0;
const clock = { now: () => Date.now() + ahead };

beforeAll(async () => {
  database = await testDatabase();
  redis = await testRedis();
  await migrate(database.url);
  store = await openStore({ url: database.url, log, clock });
});
afterAll(async () => {
  await store?.close();
  await redis?.stop();
  await database?.drop();
  await stopTestPostgres();
});

describe.each(['postgres', 'redis'] as const)('schedules on %s', (backend) => {
  let queues: Queues;
  let submitted: string[] = [];
  const isHere = (): boolean => backend === 'postgres' || redis !== null;
  const law = (name: string, run: () => Promise<void>): void =>
    it(name, async () => (isHere() ? run() : console.warn(`skipped, for there is no Redis: ${name}`)));
  /** As the planner does it: one request is one run. */
  const submit = async (_goal: Goal, requestId: string): Promise<RunId> => {
    if (!submitted.includes(requestId)) submitted.push(requestId);
    return `r-${submitted.indexOf(requestId)}`;
  };
  const service = (): ScheduleService => new ScheduleService({ store, queues, clock, log }, submit);
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  beforeEach(async () => {
    [ahead, submitted] = [0, []];
    if (isHere())
      queues = await openQueues({
        databaseUrl: database.url,
        redisUrl: backend === 'redis' ? redis!.url : null,
        lockMs: 10_000,
        log,
      });
  });
  afterEach(async () => {
    if (!isHere()) return;
    for (const { id } of await store.schedules.list()) await service().remove(id);
    await queues.close();
  });

  law('submit their goal at each of their times, one run for each (schedule-service.2)', async () => {
    const planner = service();
    const worker = await queues.work('schedule', ({ schedule }) => planner.tick(schedule), { concurrency: 1 });
    const added = await planner.put({ id: 'plants', goal, timing: { kind: 'every', everyMs: 1_000 } });
    expect(added).toMatchObject({ id: 'plants', goal, nextAt: added.createdAt + 1_000, lastRun: null });
    await until(() => submitted.length >= 2);
    await worker.close();
    const times = submitted.map((requestId) => Number(requestId.split(' ')[2]) - added.createdAt);
    expect(times.every((time) => time > 0 && time % 1_000 === 0)).toBe(true);
    expect(await planner.list()).toMatchObject([{ id: 'plants', lastRun: `r-${submitted.length - 1}` }]);
  });

  law(
    'make one run of a time that several planners are told of, and of one that came too early none (schedule-service.1)',
    async () => {
      const added = await service().put({ id: 'plants', goal, timing: { kind: 'every', everyMs: HOUR } });
      await service().tick('plants');
      expect(submitted).toEqual([]);
      ahead = HOUR;
      await Promise.all([service().tick('plants'), service().tick('plants'), service().tick('plants')]);
      await service().tick('plants');
      expect(submitted).toEqual([`schedule plants ${added.createdAt + HOUR}`]);
    },
  );

  law('make up for all that went by while nobody was there by one run (schedule-service.3)', async () => {
    const added = await service().put({ id: 'plants', goal, timing: { kind: 'every', everyMs: HOUR } });
    const worker = await queues.work('schedule', ({ schedule }) => service().tick(schedule), { concurrency: 1 });
    ahead = 50 * HOUR + 60_000;
    await service().sweep();
    await until(() => submitted.length > 0);
    await worker.close();
    await service().tick('plants');
    expect(submitted).toEqual([`schedule plants ${added.createdAt + HOUR}`]);
    expect(await service().list()).toMatchObject([{ nextAt: added.createdAt + 51 * HOUR }]);
  });

  law('are submitted again where the planner died before it noted the run (schedule-service.2)', async () => {
    const added = await service().put({ id: 'plants', goal, timing: { kind: 'every', everyMs: HOUR } });
    ahead = HOUR;
    const dies = new ScheduleService({ store, queues, clock, log }, async (g, requestId) => {
      await submit(g, requestId);
      throw new Error('gone');
    });
    await expect(dies.tick('plants')).rejects.toThrow('gone');
    await service().tick('plants');
    expect(submitted).toEqual([`schedule plants ${added.createdAt + HOUR}`]);
  });

  law('are over after their one time', async () => {
    const at = Date.now() + HOUR;
    await service().put({ id: 'once', goal, timing: { kind: 'at', at } });
    expect(await service().list()).toMatchObject([{ nextAt: at }]);
    ahead = 2 * HOUR;
    await service().tick('once');
    await service().tick('once');
    expect(submitted).toEqual([`schedule once ${at}`]);
    expect(await service().list()).toMatchObject([{ nextAt: null, lastRun: 'r-0' }]);
    await service().sweep();
    expect((await queues.counts()).find((q) => q.queue === 'schedule')).toMatchObject({ waiting: 0, delayed: 0 });
  });

  law('go on at once when a clock that was ahead is right again (schedule-service.5)', async () => {
    ahead = 24 * HOUR;
    await service().put({ id: 'plants', goal, timing: { kind: 'every', everyMs: HOUR } });
    ahead = 26 * HOUR;
    await service().tick('plants');
    expect(submitted).toHaveLength(1);
    ahead = 0;
    await service().sweep();
    const [shown] = await service().list();
    expect(shown!.nextAt! - Date.now()).toBeLessThanOrEqual(HOUR);
    ahead = HOUR + 60_000;
    await service().tick('plants');
    expect(submitted).toHaveLength(2);
  });

  law('take the run that a time has already, where the schedule was changed since (schedule-service.4)', async () => {
    const added = await service().put({ id: 'plants', goal, timing: { kind: 'every', everyMs: HOUR } });
    ahead = HOUR;
    const taken = new ScheduleService({ store, queues, clock, log }, () =>
      Promise.reject(new PraxisError('conflict', 'another goal', { details: { run: 'r-old' } })),
    );
    await taken.tick('plants');
    expect(await service().list()).toMatchObject([{ lastRun: 'r-old', nextAt: added.createdAt + 2 * HOUR }]);
  });

  law('are refused, and not stored, where no date holds their times', async () => {
    await expect(
      service().put({ id: 'silly', goal, timing: { kind: 'every', everyMs: 100_000_000 * 24 * HOUR } }),
    ).rejects.toMatchObject({ code: 'invalid' });
    expect(await service().list()).toEqual([]);
  });

  law('follow what was said last, and count a new interval from then on', async () => {
    await service().put({ id: 'plants', goal, timing: { kind: 'every', everyMs: HOUR } });
    ahead = 10 * HOUR;
    const changed = await service().put({ id: 'plants', goal, timing: { kind: 'every', everyMs: 2 * HOUR } });
    expect(changed.nextAt).toBe(changed.createdAt + 2 * HOUR);
    await service().tick('plants');
    expect(submitted).toEqual([]);
  });

  law('are gone when they are removed, whatever still ticks', async () => {
    await service().put({ id: 'plants', goal, timing: { kind: 'cron', cron: '* * * * *', timezone: 'UTC' } });
    await service().remove('plants');
    ahead = HOUR;
    await service().tick('plants');
    expect([submitted, await service().list()]).toEqual([[], []]);
    await expect(service().remove('plants')).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('praxis schedule list'),
    });
  });

  law('say what is wrong with a cron expression or a time zone', async () => {
    await expect(
      service().put({ id: 'a', goal, timing: { kind: 'cron', cron: '61 * * * *', timezone: 'UTC' } }),
    ).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('61 * * * *') });
    await expect(
      service().put({ id: 'a', goal, timing: { kind: 'cron', cron: '0 6 * * *', timezone: 'Mars' } }),
    ).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('Mars') });
    expect(await service().list()).toEqual([]);
  });
});
