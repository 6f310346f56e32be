import * as fc from 'fast-check';
import type { NodeFacts } from './choose.js';
import type { NodeJob } from './node-job.js';
import { weightedChooser } from './weighted-chooser.js';

const job: NodeJob = {
  model: 'm',
  place: { run: 'r', stream: 's', urgency: 0.5, deadline: null },
  prefix: [],
  inputTokens: 4_000,
  maxTokens: 100,
  mayHedge: false,
  signal: new AbortController().signal,
};

const node = (name: string, more: Partial<NodeFacts> = {}): NodeFacts => ({
  name,
  slots: 16,
  inFlight: 0,
  isFull: false,
  wanted: 0,
  unbegun: 0,
  unbegunTokens: 0,
  seats: null,
  kvUse: null,
  foreign: 0,
  cachedTokens: 0,
  tokenMs: 0.2,
  firstTokenMs: 300,
  callMs: 2_000,
  freshTokens: 1_000,
  price: null,
  ...more,
});

const pick = (...nodes: NodeFacts[]) => weightedChooser()(job, nodes, () => 0.5).node;

describe('weightedChooser', () => {
  it('goes where the beginning is in the cache, until reading what is in front takes longer', () => {
    expect(pick(node('cold'), node('warm', { cachedTokens: 3_500, inFlight: 3 }))).toBe('warm');
    expect(
      pick(node('cold'), node('warm', { cachedTokens: 3_500, inFlight: 6, unbegun: 3, unbegunTokens: 12_000 })),
    ).toBe('cold');
  });

  it('waits for a full node with the cache when a slot comes soon, and not when many wait for it', () => {
    const full = node('warm', { cachedTokens: 3_900, inFlight: 16, isFull: true });
    const busy = node('cold', { inFlight: 15 });
    expect(pick(busy, full)).toBe('warm');
    expect(pick(busy, { ...full, wanted: 40 })).toBe('cold');
    expect(pick(busy, { ...full, callMs: 60_000 })).toBe('cold');
  });

  it('keeps away from nodes that are slow, crowded, used by others, or short of memory', () => {
    const well = node('well');
    for (const ill of [
      { tokenMs: 0.8 },
      { inFlight: 8 },
      { foreign: 8 },
      { kvUse: 0.99 },
      { inFlight: 20, seats: 8, slots: 32 },
    ]) {
      expect(pick(node('ill', ill), well)).toBe('well');
      expect(pick(well, node('ill', ill))).toBe('well');
    }
  });

  it('takes the cheaper of two that are as good', () => {
    expect(pick(node('dear', { price: 2 }), node('cheap', { price: 1 }))).toBe('cheap');
  });

  it('reads more willingly where nobody is held up by it', () => {
    const warm = node('warm', { cachedTokens: 2_000, unbegun: 1, unbegunTokens: 3_000 });
    expect(pick(node('cold'), warm)).toBe('cold');
    expect(pick(node('cold', { inFlight: 14 }), { ...warm, inFlight: 14 })).toBe('warm');
  });

  it('draws among those that are as good as each other, by the number it is given', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((name) => node(name));
    const drawn = [0, 0.3, 0.6, 0.9].map((at) => weightedChooser()(job, nodes, () => at).node);
    expect(drawn).toEqual(['a', 'b', 'c', 'd']);
  });

  it('picks one of those it was offered, and scores every one from 0 to 1 in every part', () => {
    const facts = fc.record({
      inFlight: fc.nat(64),
      isFull: fc.boolean(),
      wanted: fc.nat(100),
      unbegun: fc.nat(64),
      unbegunTokens: fc.nat(1_000_000),
      seats: fc.option(fc.integer({ min: 1, max: 64 })),
      kvUse: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      foreign: fc.nat(100),
      cachedTokens: fc.nat(4_000),
      tokenMs: fc.double({ min: 0, max: 100, noNaN: true }),
      firstTokenMs: fc.nat(60_000),
      callMs: fc.nat(600_000),
      freshTokens: fc.nat(100_000),
      price: fc.option(fc.double({ min: 0, max: 10, noNaN: true })),
    });
    fc.assert(
      fc.property(
        fc.array(facts, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (all, at) => {
          const nodes = all.map((one, i) => node(`n${i}`, one));
          const { node: picked, scored } = weightedChooser()(job, nodes, () => at);
          expect(nodes.map(({ name }) => name)).toContain(picked);
          expect(scored.map(({ name }) => name)).toEqual(nodes.map(({ name }) => name));
          for (const { score, parts } of scored)
            for (const value of [score, ...Object.values(parts)]) expect(value >= 0 && value <= 1 + 1e-9).toBe(true);
          const best = Math.max(...scored.map(({ score }) => score));
          expect(best - scored.find(({ name }) => name === picked)!.score).toBeLessThanOrEqual(0.001);
        },
      ),
    );
  });
});
