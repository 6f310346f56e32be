import type { Logger } from '@praxis/core';
import { Life } from './life.js';

const warnings: string[] = [];
const log: Logger = { error() {}, warn: (_m, f) => void warnings.push(String(f?.['part'])), info() {}, debug() {}, child: () => log };
beforeEach(() => warnings.splice(0));

describe('Life', () => {
  it('stops last what was started first, and everything only once (L1)', async () => {
    const life = new Life({ deadlineMs: 1_000, log });
    const order: string[] = [];
    for (const name of ['store', 'queues', 'worker']) life.onStop(name, async () => void order.push(name));
    await Promise.all([life.stop(), life.stop()]);
    await life.stopped;
    expect(order).toEqual(['worker', 'queues', 'store']);
    expect(life.isStopping).toBe(true);
  });

  it('goes on stopping when a part fails, at once or later (L1)', async () => {
    const life = new Life({ deadlineMs: 1_000, log });
    const order: string[] = [];
    life.onStop('first', async () => void order.push('first'));
    life.onStop('rejects', () => Promise.reject(new Error('no')));
    life.onStop('throws', () => {
      throw new Error('no');
    });
    await life.stop();
    expect(order).toEqual(['first']);
    expect(warnings).toEqual(['throws', 'rejects']);
  });

  it('leaves behind what is not done at the deadline, and says so (L2)', async () => {
    const life = new Life({ deadlineMs: 20, log });
    const order: string[] = [];
    life.onStop('quick', async () => void order.push('quick'));
    life.onStop('stuck', () => new Promise(() => undefined));
    await life.stop();
    expect(order).toEqual(['quick']);
    expect(warnings).toEqual(['stuck']);
  });

  it('takes both signals and gives them back when it is over', async () => {
    const before = process.listenerCount('SIGTERM');
    const life = new Life({ deadlineMs: 1_000, log });
    life.listen();
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    await life.stop();
    expect(process.listenerCount('SIGTERM')).toBe(before);
    expect(process.listenerCount('unhandledRejection')).toBe(0);
  });
});
