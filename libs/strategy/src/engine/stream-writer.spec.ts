import * as fc from 'fast-check';
import { PraxisError, type Journal, type NewEvent, type StepEvent } from '@praxis/core';
import { StreamWriter } from './stream-writer.js';

const elapsed = (id: number): StepEvent => ({ type: 'elapsed', id: String(id) });

/** A journal that takes its time, and may break at an append. */
class SlowJournal implements Pick<Journal, 'append'> {
  readonly appends: string[][] = [];
  under = 0;
  constructor(readonly breaksAt = Infinity) {}

  async append(_stream: string, expected: number, events: readonly NewEvent[]): Promise<number> {
    expect(++this.under).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    this.under--;
    if (this.appends.length >= this.breaksAt) throw new PraxisError('unavailable', 'the power went out');
    expect(expected).toBe(this.appends.flat().length);
    this.appends.push(events.map((e) => (e.data as { id: string }).id));
    return this.appends.flat().length;
  }
}

const open = (journal: SlowJournal): StreamWriter => new StreamWriter(journal as unknown as Journal, 's', 0);

describe('StreamWriter', () => {
  it('writes together what is given in one turn (stream-writer.2)', async () => {
    const journal = new SlowJournal();
    const writer = open(journal);
    await Promise.all([writer.add([elapsed(0)]), Promise.resolve().then(() => writer.add([elapsed(1), elapsed(2)]))]);
    expect(journal.appends).toEqual([['0', '1', '2']]);
  });

  it('does not wait for more where somebody waits for it', async () => {
    const journal = new SlowJournal();
    const writer = open(journal);
    const [first] = [writer.add([elapsed(0)]), writer.flushed()];
    const second = Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => writer.add([elapsed(1)]));
    await Promise.all([first, second]);
    expect(journal.appends).toEqual([['0'], ['1']]);
  });

  // stream-writer.1
  it('keeps the order, with one append at a time, and answers once all before is written', async () => {
    const turns = fc.array(fc.record({ wait: fc.nat(3), flush: fc.boolean() }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(turns, async (all) => {
        const journal = new SlowJournal();
        const writer = open(journal);
        const written: Promise<void>[] = [];
        for (const [n, { wait, flush }] of all.entries()) {
          for (let i = 0; i < wait; i++) await new Promise((resolve) => setImmediate(resolve));
          written.push(writer.add([elapsed(n)]).then(() => expect(journal.appends.flat().length).toBeGreaterThan(n)));
          if (flush) void writer.flushed();
        }
        await Promise.all([...written, writer.flushed()]);
        expect(journal.appends.flat()).toEqual(all.map((_, n) => String(n)));
      }),
    );
  });

  it('writes nothing after an append that failed (stream-writer.3)', async () => {
    const journal = new SlowJournal(1);
    const writer = open(journal);
    await writer.add([elapsed(0)]);
    await expect(writer.add([elapsed(1)])).rejects.toThrow('power');
    await expect(writer.add([elapsed(2)])).rejects.toThrow('power');
    await expect(writer.flushed()).rejects.toThrow('power');
    expect(journal.appends).toEqual([['0']]);
  });
});
