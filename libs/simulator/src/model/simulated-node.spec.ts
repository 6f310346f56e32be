import * as fc from 'fast-check';
import { PraxisError } from '@praxis/core';
import { SimulatedNode, type SimulatedNodeOptions } from './simulated-node.js';
import type { SimulatedAnswer } from './sequence.js';
import { VirtualClock } from './virtual-clock.js';

/** 1 ms per token of a prompt, 10 ms per token of an answer. */
const PLAIN = {
  slots: 2,
  prefillRate: 1_000,
  decodeRate: 100,
  crowding: 0,
  chunkTokens: 10,
  cacheTokens: 1_000,
  blockTokens: 10,
};

function start(more: Partial<SimulatedNodeOptions> = {}) {
  const clock = new VirtualClock();
  const node = new SimulatedNode({ clock, ...PLAIN, ...more });
  const stop = new AbortController();
  const ask = (inputTokens: number, outputTokens: number, blocks: readonly string[] = []): Promise<SimulatedAnswer> =>
    node.serve({ blocks, inputTokens, outputTokens, signal: stop.signal });
  return { clock, node, stop, ask };
}

const blocksOf = (name: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${name}${i}`);

/** Times to a thousandth of a millisecond: what rounding leaves does not matter. */
const rounded = (answer: SimulatedAnswer): Record<string, number> =>
  Object.fromEntries(Object.entries(answer).map(([k, v]) => [k, Math.round((v as number) * 1e3) / 1e3]));

describe('SimulatedNode', () => {
  it('reads a prompt and says an answer at its rates', async () => {
    const { ask } = start();
    expect(rounded(await ask(100, 11))).toEqual({ cachedTokens: 0, queuedMs: 0, firstTokenMs: 100, totalMs: 200 });
  });

  it('lets whoever reads slow down whoever speaks, and many speakers each other', async () => {
    const { clock, ask } = start({ crowding: 0.5 });
    const first = ask(100, 21);
    await clock.sleep(100);
    const second = ask(50, 2);
    // A step of both is 10 ms + 10 ms: 50 tokens are read in 100 ms, in which 5 are said.
    expect(rounded(await second)).toMatchObject({ firstTokenMs: 100, totalMs: 115 });
    // 5 beside the reader, 1 beside the other speaker in 15 ms, and 14 alone.
    expect(rounded(await first)).toMatchObject({ totalMs: 100 + 100 + 15 + 140 });
  });

  it('reads only what its cache does not have, and the last token always', async () => {
    const { node, ask } = start();
    await ask(100, 1, blocksOf('a', 10));
    expect(rounded(await ask(100, 1, blocksOf('a', 10)))).toMatchObject({ cachedTokens: 99, firstTokenMs: 1 });
    expect(rounded(await ask(100, 1, [...blocksOf('a', 4), 'x']))).toMatchObject({
      cachedTokens: 40,
      firstTokenMs: 60,
    });
    expect(node.load()).toMatchObject({ queries: 300, hits: 139, read: 161, said: 3, kvUse: 0 });
  });

  it('shares the beginning of requests that came together, once the first has been read', async () => {
    const { ask } = start();
    const both = await Promise.all([ask(100, 5, blocksOf('a', 10)), ask(100, 5, blocksOf('a', 10))]);
    expect(both.map((b) => b.cachedTokens)).toEqual([0, 99]);
    expect(both.map((b) => Math.round(b.queuedMs))).toEqual([0, 100]);
  });

  it('runs no more than its slots, in the order of arrival (simulated-node.1, simulated-node.3)', async () => {
    const { clock, node, ask } = start();
    const ends: number[] = [];
    const all = [1, 2, 3, 4].map((n) => ask(10, 101).then(() => ends.push(n)));
    await clock.sleep(100);
    expect(node.load()).toMatchObject({ running: 2, waiting: 2 });
    await Promise.all(all);
    expect(ends).toEqual([1, 2, 3, 4]);
  });

  it('lets a request wait until its memory is free, and those behind it too (simulated-node.2–3)', async () => {
    const { clock, node, ask } = start();
    const first = ask(300, 600);
    const large = ask(900, 1);
    const small = ask(10, 1);
    await clock.sleep(1_000);
    expect(node.load()).toMatchObject({ running: 1, waiting: 2, kvUse: 0.9 });
    const [a, b, c] = await Promise.all([first, large, small]);
    expect(b.queuedMs).toBeCloseTo(a.totalMs, 3);
    expect(c.queuedMs).toBeCloseTo(b.queuedMs + 900, 3);
    await expect(ask(1_000, 1)).rejects.toMatchObject({ code: 'invalid' });
  });

  // simulated-node.4
  it('frees slot and memory of a request that is cancelled while it waits, is read, or speaks', async () => {
    for (const after of [0, 5, 50]) {
      const { clock, node, ask } = start({ slots: 1 });
      const stop = new AbortController();
      const gone = node
        .serve({ blocks: [], inputTokens: 20, outputTokens: 1_0, signal: stop.signal })
        .catch((e: unknown) => PraxisError.from(e).code);
      const next = ask(10, 1);
      if (after > 0) await clock.sleep(after);
      stop.abort();
      expect(await gone).toBe('cancelled');
      expect(Math.round((await next).queuedMs)).toBe(after);
      expect(node.load()).toMatchObject({ running: 0, waiting: 0, kvUse: 0 });
    }
  });

  // simulated-node.4
  it('loses what it works on when it dies, and its cache; after it recovered it works as before', async () => {
    const { clock, node, ask } = start();
    await ask(100, 1, blocksOf('a', 10));
    const lost = [ask(10, 100), ask(10, 100), ask(10, 100)].map((p) =>
      p.catch((e: unknown) => PraxisError.from(e).code),
    );
    await clock.sleep(50);
    node.die();
    expect(await Promise.all(lost)).toEqual(['unavailable', 'unavailable', 'unavailable']);
    await expect(ask(1, 1)).rejects.toMatchObject({ code: 'unavailable' });
    expect(node.load()).toMatchObject({ running: 0, waiting: 0, kvUse: 0 });
    node.recover();
    expect(rounded(await ask(100, 1, blocksOf('a', 10)))).toMatchObject({ cachedTokens: 0, firstTokenMs: 100 });
  });

  it('takes so many times as long while it is slow', async () => {
    const { clock, node, ask } = start();
    const answer = ask(100, 1);
    await clock.sleep(50);
    node.slow(4);
    expect(rounded(await answer)).toMatchObject({ firstTokenMs: 50 + 200 });
    node.recover();
    expect(rounded(await ask(100, 1))).toMatchObject({ firstTokenMs: 100 });
  });

  it('tells the first token, and each token where somebody looks, without changing the times', async () => {
    const { clock, node, stop } = start();
    const seen: string[] = [];
    const says = (what: string) => (): void => void seen.push(`${what} ${Math.round(clock.now())}`);
    const answer = await node.serve({
      blocks: [],
      inputTokens: 10,
      outputTokens: 3,
      signal: stop.signal,
      onFirstToken: says('first'),
      onToken: (n) => says(`${n}`)(),
    });
    expect(seen).toEqual(['first 10', '1 10', '2 20', '3 30']);
    expect(rounded(answer)).toMatchObject({ firstTokenMs: 10, totalMs: 30 });
  });

  it('takes the same times however late the clock wakes it (simulated-node.5)', async () => {
    const late = new VirtualClock();
    const lazy = { now: () => late.now(), sleep: (ms: number, signal?: AbortSignal) => late.sleep(ms + 7.3, signal) };
    const [exact, tardy] = [start({ jitter: 0.2 }), start({ jitter: 0.2, clock: lazy })];
    const work = (s: ReturnType<typeof start>): Promise<SimulatedAnswer[]> =>
      Promise.all([s.ask(40, 9, blocksOf('a', 3)), s.ask(40, 30, blocksOf('a', 4)), s.ask(25, 3), s.ask(60, 8)]);
    const times = (await work(exact)).map(rounded);
    expect((await work(tardy)).map(rounded)).toEqual(times);
    expect(times[0]).not.toMatchObject({ firstTokenMs: 40 });
  });

  // simulated-node.1–2, simulated-node.4
  it('loses no request and holds nothing in the end, whatever happens', async () => {
    const request = fc.record({
      at: fc.nat(400),
      input: fc.integer({ min: 1, max: 500 }),
      output: fc.integer({ min: 1, max: 60 }),
      family: fc.constantFrom('a', 'b'),
      stopAfter: fc.option(fc.nat(300)),
    });
    const trouble = fc.record({ at: fc.nat(600), kind: fc.constantFrom('die', 'recover', 'slow') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { maxLength: 25 }),
        fc.array(trouble, { maxLength: 3 }),
        async (requests, troubles) => {
          const { clock, node } = start({ slots: 3, jitter: 0.1 });
          const ends: string[] = [];
          const watch = requests.map(async (r) => {
            await clock.sleep(r.at);
            const signal = new AbortController();
            if (r.stopAfter !== null) void clock.sleep(r.stopAfter).then(() => signal.abort());
            const blocks = blocksOf(r.family, Math.floor(r.input / 10));
            await node.serve({ blocks, inputTokens: r.input, outputTokens: r.output, signal: signal.signal }).then(
              (a) => {
                expect(a.queuedMs).toBeLessThanOrEqual(a.firstTokenMs);
                ends.push('ok');
              },
              (e: unknown) => ends.push(PraxisError.from(e).code),
            );
            const load = node.load();
            expect(load.running).toBeLessThanOrEqual(3);
            expect(load.kvUse).toBeLessThanOrEqual(1);
          });
          const upset = troubles.map(async (t) => {
            await clock.sleep(t.at);
            if (t.kind === 'slow') node.slow(3);
            else node[t.kind]();
          });
          await Promise.all([...watch, ...upset]);
          expect(ends).toHaveLength(requests.length);
          expect(ends.every((e) => ['ok', 'cancelled', 'unavailable'].includes(e))).toBe(true);
          expect(node.load()).toMatchObject({ running: 0, waiting: 0, kvUse: 0 });
        },
      ),
      { numRuns: 60 },
    );
  });
});
