import * as fc from 'fast-check';
import { embed } from './embeddings.js';
import { Faults, parseFault } from './faults.js';
import { outputOf, messageOf } from './output.js';
import { spoilOutput } from './spoil.js';
import { blockNames, piecesOf } from './tokens.js';

describe('tokens', () => {
  it('lose and change nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(piecesOf(text).join('')).toBe(text)));
  });

  it('give equal names to equal beginnings, and no two to the same place of different ones', () => {
    const text = fc.array(fc.constantFrom('a', 'b'), { maxLength: 40 });
    fc.assert(
      fc.property(text, text, text, (shared, one, two) => {
        const a = blockNames([...shared, ...one], 4);
        const b = blockNames([...shared, ...two], 4);
        for (let i = 0; i < Math.min(a.length, b.length); i++) {
          const isShared =
            [...shared, ...one].slice(0, (i + 1) * 4).join() === [...shared, ...two].slice(0, (i + 1) * 4).join();
          expect(a[i] === b[i]).toBe(isShared);
        }
      }),
    );
  });
});

describe('output', () => {
  const request = { messages: [{ role: 'user' as const, content: '' }], stable: 0, maxTokens: 100 };

  it('ends at the first stop text, and at the limit', () => {
    const made = { kind: 'text', text: 'one two three four' } as const;
    const told = (more: object) => {
      const { pieces, finish } = outputOf(made, { ...request, ...more }, 'id');
      return [(messageOf(pieces) as { content: string }).content, finish];
    };
    expect(told({})).toEqual(['one two three four', 'stop']);
    expect(told({ stop: ['four', ' two'] })).toEqual(['one', 'stop']);
    expect(told({ maxTokens: 2 })).toEqual(['one two', 'length']);
  });

  it('cut inside its JSON can never be read as JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
        const { pieces } = spoilOutput(
          outputOf({ kind: 'text', text: JSON.stringify(value) }, { ...request, maxTokens: 10_000 }, 'id'),
          'truncated',
        );
        expect(() => JSON.parse((messageOf(pieces) as { content: string }).content)).toThrow();
      }),
    );
  });
});

describe('embeddings', () => {
  it('have length 1 and put alike texts near each other', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 300 }), (text, d) =>
        expect(Math.hypot(...embed(text, d))).toBeCloseTo(1, 9),
      ),
    );
    const dot = (a: string, b: string): number => embed(a).reduce((sum, x, i) => sum + x * embed(b)[i]!, 0);
    expect(dot('wash the dishes in the kitchen', 'the dishes in the kitchen are washed')).toBeGreaterThan(
      dot('wash the dishes in the kitchen', 'a truck drives to Berlin'),
    );
  });
});

describe('faults', () => {
  it('hit the same requests for the same seed, about as many as asked for', () => {
    const hits = (seed: string): readonly number[] => {
      const faults = new Faults(seed);
      faults.add(parseFault('429=0.2'));
      return Array.from({ length: 500 }, (_, i) => i).filter((i) => faults.pick(i) !== null);
    };
    expect(hits('a')).toEqual(hits('a'));
    expect(hits('a')).not.toEqual(hits('b'));
    expect(hits('a').length).toBeGreaterThan(60);
    expect(hits('a').length).toBeLessThan(150);
  });

  it('that are ordered come first, in order, and then no more', () => {
    const faults = new Faults('a');
    faults.add({ kind: 'hang', next: 1, delayMs: 0, retryAfterS: 0 });
    faults.add({ kind: 'empty', next: 2, delayMs: 0, retryAfterS: 0 });
    expect([1, 2, 3, 4].map((i) => faults.pick(i)?.kind ?? null)).toEqual(['hang', 'empty', 'empty', null]);
  });

  it('are refused with a list of the kinds where they are none', () => {
    for (const text of ['429', 'oops=0.1', '429=2', '429=-1', '=1', '429=x'])
      expect(() => parseFault(text)).toThrow(/write KIND=SHARE .* dies, empty/);
  });
});
