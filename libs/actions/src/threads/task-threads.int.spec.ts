import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TaskThreads } from './task-threads.js';

const file = join(mkdtempSync(join(tmpdir(), 'praxis-threads-')), 'work.mjs');
/** A thread that does as it is told; it says how many tasks it has had. */
const WORK = `
import { parentPort } from 'node:worker_threads';
let count = 0;
parentPort.on('message', async (what) => {
  count += 1;
  if (what === 'throw') throw new Error('broken');
  if (what === 'exit') process.exit(3);
  if (what === 'loop') for (;;) ;
  if (what === 'memory') { const all = []; for (;;) all.push(new Array(1e5).fill({})); }
  if (what === 'fail') return parentPort.postMessage({ ok: false, code: 'not-applicable', message: 'no' });
  if (what === 'wait') await new Promise((r) => setTimeout(r, 50));
  parentPort.postMessage({ ok: true, value: what === 'env' ? Object.keys(process.env).length : count });
});`;

describe('TaskThreads', () => {
  const opened: TaskThreads<string, number>[] = [];
  const open = (seats = 1): TaskThreads<string, number> => {
    const threads = new TaskThreads<string, number>(() => pathToFileURL(file), { seats, memoryMb: 64, idleMs: 60_000 });
    opened.push(threads);
    return threads;
  };
  const { signal } = new AbortController();
  const options = { signal, timeoutMs: 10_000 };
  beforeAll(() => writeFileSync(file, WORK));
  afterAll(() => Promise.all(opened.map((threads) => threads.close())));

  it('runs as many tasks at a time as there are seats, in their order, on threads that are kept (task-threads.1)', async () => {
    const one = open();
    expect(await Promise.all(['a', 'wait', 'c'].map((task) => one.run(task, options)))).toEqual([1, 2, 3]);
    const two = open(2);
    const counts = await Promise.all(['wait', 'wait', 'c', 'd'].map((task) => two.run(task, options)));
    expect(counts.filter((count) => count === 1)).toHaveLength(2);
  });

  it('ends what takes too long or is cancelled, and goes on with a new thread (task-threads.2)', async () => {
    const threads = open();
    await expect(threads.run('loop', { signal, timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
    const controller = new AbortController();
    const running = threads.run('loop', { ...options, signal: controller.signal });
    const waiting = threads.run('a', { ...options, signal: controller.signal });
    const next = threads.run('b', options);
    setTimeout(() => controller.abort(), 50);
    await expect(running).rejects.toThrow(/abort/);
    await expect(waiting).rejects.toThrow(/abort/);
    expect(await next).toBe(1);
  });

  it.each(['throw', 'exit', 'memory'])('outlives a thread that ends by itself: %s (task-threads.3)', async (task) => {
    const threads = open();
    await expect(threads.run(task, options)).rejects.toMatchObject({ code: 'world-error' });
    expect(await threads.run('a', options)).toBe(1);
  });

  it('passes a failure on and keeps the thread, which sees no environment (task-threads.4)', async () => {
    const threads = open();
    await expect(threads.run('fail', options)).rejects.toMatchObject({
      name: 'SkillError',
      code: 'not-applicable',
      message: 'no',
    });
    expect(await threads.run('a', options)).toBe(2);
    expect(await threads.run('env', options)).toBe(0);
  });
});
