import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSummary } from '@praxis/core';
import type { Schedule } from '@praxis/wire';
import { praxis, sandbox, start, type Running } from './praxis.js';

const box = sandbox();
let service: Running;

beforeAll(async () => {
  writeFileSync(
    join(box.dir, 'd.pddl'),
    '(define (domain lamps) (:requirements :typing) (:types lamp) (:predicates (on ?l - lamp)) (:action switch :parameters (?l - lamp) :precondition (and) :effect (on ?l)))',
  );
  writeFileSync(
    join(box.dir, 'p.pddl'),
    '(define (problem dark) (:domain lamps) (:objects a - lamp) (:init) (:goal (on a)))',
  );
  service = start(['start'], box.env);
  await service.until(/Ctrl-C stops everything/);
});
afterAll(async () => {
  await service.kill('SIGINT');
  box.remove();
});

async function json<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await praxis([...args, '--json'], box.env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 200));
}

// The smallest goal there is: what it takes to reach it is not what these tests are about.
const GOAL = ['--domain', join(box.dir, 'd.pddl'), '--problem', join(box.dir, 'p.pddl'), '--no-archive'];
const ofTicks = async (title: string): Promise<readonly RunSummary[]> =>
  (await json<readonly RunSummary[]>('runs', '--text', title)).filter((r) => r.title === title);

describe('praxis schedule', () => {
  it('makes a run of each tick, until the schedule is removed', async () => {
    const added = await json<Schedule>('schedule', 'add', 'tick', '--every', '2s', '--title', 'Ticks', ...GOAL);
    expect(added).toMatchObject({
      id: 'tick',
      timing: { kind: 'every', everyMs: 2_000 },
      lastRun: null,
      nextAt: added.createdAt + 2_000,
    });
    await until(async () => (await ofTicks('Ticks')).length >= 2);
    const [schedule] = await json<readonly Schedule[]>('schedule', 'list');
    expect((await ofTicks('Ticks')).map((r) => r.id)).toContain(schedule!.lastRun);
    await json('schedule', 'remove', 'tick');
    // Another schedule is the clock: after its first tick nothing of the removed one is under way any more.
    await json('schedule', 'add', 'clock', '--every', '3s', '--title', 'Clock', ...GOAL);
    await until(async () => (await ofTicks('Clock')).length >= 1);
    const before = await ofTicks('Ticks');
    await until(async () => (await ofTicks('Clock')).length >= 3);
    await json('schedule', 'remove', 'clock');
    expect(await ofTicks('Ticks')).toHaveLength(before.length);
    expect(await json('schedule', 'list')).toEqual([]);
  });

  it('makes one run of a moment that came, and is over then', async () => {
    await json('schedule', 'add', 'once', '--at', 'in 1s', '--title', 'Once', ...GOAL);
    await until(async () => (await ofTicks('Once')).length === 1);
    await until(async () => (await json<readonly Schedule[]>('schedule', 'list'))[0]!.nextAt === null);
    expect(await ofTicks('Once')).toHaveLength(1);
  });

  it('says what is wrong with a cron expression, and with an id that is none', async () => {
    const wrong = await praxis(['schedule', 'add', 'daily', '--cron', '0 25 * * *', ...GOAL], box.env);
    expect(wrong).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('"0 25 * * *" is not a cron expression'),
    });
    expect(await praxis(['schedule', 'add', 'Daily!', '--every', '1h', ...GOAL], box.env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nightly-check'),
    });
    expect(await praxis(['schedule', 'remove', 'daily'], box.env)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('praxis schedule list'),
    });
  });
});
