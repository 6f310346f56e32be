import * as fc from 'fast-check';
import { GroupCommit, type Settled } from './group-commit.js';

interface Item {
  readonly key: string;
  readonly size: number;
}

const ok = <R>(value: R): Settled<R> => ({ ok: true, value });

function recorder(maxSize = 100): { batches: Item[][]; commits: GroupCommit<Item, string> } {
  const batches: Item[][] = [];
  const write = async (batch: readonly Item[]): Promise<readonly Settled<string>[]> => {
    batches.push([...batch]);
    await new Promise((resolve) => setImmediate(resolve));
    return batch.map((item) => ok(item.key));
  };
  return { batches, commits: new GroupCommit({ key: (i) => i.key, size: (i) => i.size, maxSize, write }) };
}

describe('GroupCommit', () => {
  it('writes together what is asked for at once (group-commit.1)', async () => {
    const { batches, commits } = recorder();
    const keys = Array.from({ length: 64 }, (_, i) => `k${i}`);
    expect(await Promise.all(keys.map((key) => commits.add({ key, size: 1 })))).toEqual(keys);
    expect(batches).toHaveLength(1);
  });

  it('never writes two batches at a time, and answers every item once (group-commit.1–3)', async () => {
    const item = fc.record({ key: fc.constantFrom('a', 'b', 'c'), size: fc.integer({ min: 1, max: 60 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 30 }), async (items) => {
        const { batches, commits } = recorder();
        expect(await Promise.all(items.map((i) => commits.add(i)))).toEqual(items.map((i) => i.key));
        for (const key of ['a', 'b', 'c']) {
          expect(batches.flat().filter((i) => i.key === key)).toEqual(items.filter((i) => i.key === key));
        }
        for (const batch of batches) {
          expect(new Set(batch.map((i) => i.key)).size).toBe(batch.length);
          expect(batch.length === 1 || batch.reduce((sum, i) => sum + i.size, 0) <= 100).toBe(true);
        }
      }),
    );
  });

  it('fails a batch as a whole where the write fails, and goes on with the next', async () => {
    let calls = 0;
    const commits = new GroupCommit<string, string>({
      key: (item) => item,
      size: () => 1,
      maxSize: 10,
      write: async (batch) => {
        if (calls++ === 0) throw new Error('down');
        return batch.map(ok);
      },
    });
    await expect(Promise.allSettled([commits.add('a'), commits.add('b')])).resolves.toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
    await expect(commits.add('c')).resolves.toBe('c');
    await commits.idle();
  });
});
