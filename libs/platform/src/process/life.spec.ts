import type { Logger } from '@praxis/core';
import { Life } from './life.js';

function life(deadlineMs = 10_000) {
  const warnings: { message: string; part: unknown }[] = [];
  const log: Logger = {
    error() {},
    warn: (message, fields) => void warnings.push({ message, part: fields?.['part'] }),
    info() {},
    debug() {},
    child: () => log,
  };
  return { made: new Life({ deadlineMs, log }), warnings };
}

describe('Life', () => {
  it('stops what was started last first, one after the other (life.1)', async () => {
    const { made } = life();
    const seen: string[] = [];
    for (const name of ['database', 'queues', 'planner']) {
      made.onStop(name, async () => {
        seen.push(`${name} stops`);
        await new Promise(setImmediate);
        seen.push(`${name} stopped`);
      });
    }
    await made.stop();
    expect(seen).toEqual(['planner', 'queues', 'database'].flatMap((n) => [`${n} stops`, `${n} stopped`]));
  });

  it('stops each part once, however often it is told to (life.1)', async () => {
    const { made } = life();
    let stops = 0;
    made.onStop('part', async () => void stops++);
    expect(made.isStopping).toBe(false);
    const first = made.stop();
    expect(made.isStopping).toBe(true);
    await Promise.all([first, made.stop()]);
    await made.stop();
    expect(stops).toBe(1);
  });

  it.each<[string, () => Promise<void>]>([
    ['fails', () => Promise.reject(new Error('no'))],
    [
      'throws before it even begins',
      () => {
        throw new Error('no');
      },
    ],
  ])('goes on where a part %s, and says so (life.1)', async (_how, broken) => {
    const { made, warnings } = life();
    let stopped = false;
    made.onStop('first', async () => void (stopped = true));
    made.onStop('broken', broken);
    await made.stop();
    expect(stopped).toBe(true);
    expect(warnings).toEqual([{ message: 'a part did not stop cleanly', part: 'broken' }]);
  });

  it('leaves behind what is not done at the deadline, says so, and still stops the rest (life.2)', async () => {
    const { made, warnings } = life(0);
    let stopped = false;
    made.onStop('first', async () => void (stopped = true));
    made.onStop('hanging', () => new Promise(() => undefined));
    await made.stop();
    expect(warnings).toEqual([{ message: 'a part was left behind at the deadline', part: 'hanging' }]);
    expect(stopped).toBe(true);
  });

  it('tells whoever waits when all is over', async () => {
    const { made } = life();
    let over = false;
    void made.stopped.then(() => (over = true));
    await new Promise(setImmediate);
    expect(over).toBe(false);
    await made.stop();
    await made.stopped;
    expect(over).toBe(true);
  });
});

describe('Life.listen', () => {
  const realExit = process.exit;
  const known = { SIGINT: process.listeners('SIGINT'), SIGTERM: process.listeners('SIGTERM') };
  const ours = (signal: 'SIGINT' | 'SIGTERM') => process.listeners(signal).filter((l) => !known[signal].includes(l));

  afterEach(() => {
    process.exit = realExit;
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      for (const listener of ours(signal)) process.off(signal, listener);
  });

  it('stops gracefully at the first signal and ends the process at the second (life.3)', async () => {
    const { made } = life();
    const exits: unknown[] = [];
    process.exit = ((code: unknown) => void exits.push(code)) as typeof process.exit;
    let release: () => void = () => undefined;
    made.onStop('part', () => new Promise((resolve) => (release = resolve)));
    made.listen();
    ours('SIGTERM')[0]!('SIGTERM');
    await new Promise(setImmediate);
    expect(made.isStopping).toBe(true);
    expect(made.endedBy).toBe('SIGTERM');
    expect(exits).toEqual([]);
    ours('SIGINT')[0]!('SIGINT');
    expect(exits).toEqual([130]);
    release();
    await made.stopped;
  });
});
