import type { LlamaSequence } from './llama-types.js';
import { Sequences } from './sequences.js';

/** Remembers some tokens, as a sequence does what was computed on it last. */
const remembering = (...known: readonly number[]): LlamaSequence => ({
  compareContextTokens: (tokens) => ({
    firstDifferentIndex:
      tokens.findIndex((t, i) => t !== known[i]) === -1 ? tokens.length : tokens.findIndex((t, i) => t !== known[i]),
  }),
});
const never = new AbortController().signal;

describe('the sequences of a model', () => {
  it('are lent where the longest beginning is remembered', async () => {
    const [a, b] = [remembering(1, 2, 9), remembering(1, 2, 3)];
    const sequences = new Sequences([a, b]);
    expect(await sequences.take([1, 2, 3, 4], never)).toEqual({ sequence: b, cached: 3 });
    expect(await sequences.take([1, 2, 3, 4], never)).toEqual({ sequence: a, cached: 2 });
  });

  it('embedded-client.2: are lent to one at a time, in the order of asking', async () => {
    const sequences = new Sequences([remembering()]);
    const { sequence } = await sequences.take([1], never);
    const order: string[] = [];
    const later = ['first', 'second'].map(async (name) => {
      const taken = await sequences.take([1], never);
      order.push(name);
      sequences.give(taken.sequence);
    });
    expect(order).toEqual([]);
    sequences.give(sequence);
    await Promise.all(later);
    expect(order).toEqual(['first', 'second']);
  });

  it('embedded-client.3: stay free where somebody stops waiting', async () => {
    const sequences = new Sequences([remembering()]);
    const { sequence } = await sequences.take([1], never);
    const stop = new AbortController();
    const impatient = sequences.take([1], stop.signal);
    const patient = sequences.take([1], never);
    stop.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    sequences.give(sequence);
    expect((await patient).sequence).toBe(sequence);
  });
});
