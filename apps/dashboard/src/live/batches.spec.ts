import { batches } from './batches.js';

async function* counting(to: number, entry: (n: number) => unknown = (n) => n): AsyncGenerator<unknown> {
  for (let n = 0; n < to; n++) yield entry(n);
}

async function all(source: AsyncIterable<unknown>): Promise<unknown[][]> {
  const found: unknown[][] = [];
  for await (const text of batches(source, 5)) found.push(JSON.parse(text) as unknown[]);
  return found;
}

describe('batches', () => {
  it('gives everything once and in order', async () => {
    const found = await all(counting(1_234));
    expect(found.flat()).toEqual(Array.from({ length: 1_234 }, (_, n) => n));
    expect(found.every((batch) => batch.length <= 500)).toBe(true);
  });

  it('gives nothing where there is nothing', async () => {
    expect(await all(counting(0))).toEqual([]);
  });

  it('does not wait for more than a little while', async () => {
    const never = async function* (): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => undefined);
    };
    for await (const batch of batches(never(), 5)) {
      expect(batch).toBe('[1]');
      break;
    }
  });

  it('is full with few large entries, however many more would come at once', async () => {
    const found = await all(counting(10, () => 'x'.repeat(100_000)));
    expect(Math.max(...found.map((batch) => batch.length))).toBe(3);
  });

  it('reads at most one entry ahead of who takes the batches', async () => {
    let made = 0;
    const source = counting(1_000_000, () => (made++, 'x'.repeat(50_000)));
    const reader = batches(source, 5);
    await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(made).toBeLessThanOrEqual(7);
  });

  it('gives what came before a failure, then fails', async () => {
    const broken = async function* (): AsyncGenerator<number> {
      yield 1;
      yield 2;
      throw new Error('gone');
    };
    const found: string[] = [];
    await expect(
      (async () => {
        for await (const batch of batches(broken(), 5)) found.push(batch);
      })(),
    ).rejects.toThrow('gone');
    expect(found).toEqual(['[1,2]']);
  });
});
