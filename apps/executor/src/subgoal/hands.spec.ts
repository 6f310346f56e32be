import * as fc from 'fast-check';
import { Hands } from './hands.js';

/** Something to wait for, which the test ends. */
function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe('places at work (hands.1, hands.2)', () => {
  it('let others work while one waits for a model, and give it a place again when the answer is there', async () => {
    const told: number[] = [];
    const hands = new Hands(1, (n) => told.push(n));
    const [model, cpu] = [gate(), gate()];
    const log: string[] = [];
    const first = hands.work(async (away) => {
      log.push('first asks');
      await away(() => model.passed);
      log.push('first goes on');
    });
    const second = hands.work(async () => {
      log.push('second works');
      await cpu.passed;
      log.push('second ends');
    });
    await settle();
    expect(log).toEqual(['first asks', 'second works']);
    expect(told).toEqual([2]);
    model.open();
    await settle();
    expect(log).toHaveLength(2);
    cpu.open();
    await Promise.all([first, second]);
    expect(log).toEqual(['first asks', 'second works', 'second ends', 'first goes on']);
    expect(told).toEqual([2, 1]);
  });

  it('are never more than there are, however many subgoals wait, for however many things at once', async () => {
    const plans = fc.array(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), plans, async (size, jobs) => {
        let atWork = 0;
        let [most, last] = [0, size];
        const hands = new Hands(size, (n) => (last = n));
        const busy = async (): Promise<void> => {
          most = Math.max(most, ++atWork);
          await settle();
          atWork--;
        };
        await Promise.all(
          jobs.map((waits) =>
            hands.work(async (away) => {
              await busy();
              for (const count of waits) {
                await Promise.all(Array.from({ length: count }, () => away(settle)));
                await busy();
              }
            }),
          ),
        );
        expect([most <= size, atWork, last]).toEqual([true, 0, size]);
      }),
      { numRuns: 50 },
    );
  });

  it('are given back by what fails while it waits', async () => {
    const hands = new Hands(1, () => undefined);
    await expect(hands.work((away) => away(() => Promise.reject(new Error('no model'))))).rejects.toThrow('no model');
    expect(await hands.work(async () => 'next')).toBe('next');
  });
});
