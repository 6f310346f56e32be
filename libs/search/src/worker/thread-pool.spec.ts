import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import type { Order } from './messages.js';

/** Stands in for a thread: what is asked of it by the name of a goal is what becomes of it. */
class FakeWorker extends EventEmitter {
  postMessage({ id, work }: Order): void {
    const fate = (work as unknown as { readonly fate: string }).fate;
    setImmediate(() => {
      if (fate === 'fine') this.emit('message', { kind: 'result', id, result: 'fine' });
      else this.emit('error', Object.assign(new Error(fate), { code: fate }));
    });
  }
  ref(): void {}
  unref(): void {}
  terminate(): Promise<void> {
    return Promise.resolve();
  }
}

jest.unstable_mockModule('node:worker_threads', () => ({ Worker: FakeWorker }));
const { ThreadPool } = await import('./thread-pool.js');

describe('a thread that ends', () => {
  it('costs its own work only (threads.5)', async () => {
    const pool = new ThreadPool({ seats: 2, memoryMb: 20 });
    const run = (fate: string) =>
      pool.run({ fate } as never, { turn: fate }).catch((thrown: unknown) => (thrown as Error).message);
    const fates = ['fine', 'crash', 'ERR_WORKER_OUT_OF_MEMORY', 'fine', 'crash', 'fine'];
    const fine = { kind: 'result', id: expect.any(Number), result: 'fine' };
    const ends = await Promise.all(fates.map(run));
    expect(ends).toEqual([fine, expect.stringContaining('crash'), { kind: 'memory' }, fine, expect.anything(), fine]);
    expect(await run('fine')).toEqual(fine);
    await pool.close();
  });
});
