import * as fc from 'fast-check';
import type { StoredEvent } from '@praxis/core';
import { EventCache } from './event-cache.js';
import { storedEvent, type EventRow } from './stored-event.js';

/** What the database does, as far as the cache is concerned: rows by stream, each with a mark of its own. */
class Rows {
  readonly #streams = new Map<string, EventRow[]>();
  #written = 0;

  append(stream: string, bodies: readonly string[]): void {
    const rows = this.#streams.get(stream) ?? [];
    for (const text of bodies) {
      const body = JSON.stringify({ text });
      const mark = String(++this.#written);
      rows.push({ stream, position: rows.length, type: 'noted', version: 1, at: 1, body, refs: null, mark });
    }
    this.#streams.set(stream, rows);
  }

  remove(stream: string): void {
    this.#streams.delete(stream);
  }

  /** A fork has the rows of its base themselves, under its own name. */
  fork(stream: string, base: string, length: number): void {
    if (this.#streams.has(stream)) return;
    const shared = (this.#streams.get(base) ?? []).slice(0, length).map((row) => ({ ...row, stream }));
    this.#streams.set(stream, shared);
  }

  select(stream: string, from: number, bodies: number): readonly EventRow[] {
    const rows = (this.#streams.get(stream) ?? []).slice(from);
    return rows.map((row) => (row.position < bodies ? { ...row, body: null } : row));
  }
}

function read(rows: Rows, cache: EventCache, stream: string, from: number): readonly StoredEvent[] {
  for (;;) {
    const start = cache.start(stream, from);
    const events = cache.take(stream, from, start, rows.select(stream, start.from, start.bodies));
    if (events !== null) return events;
  }
}

const stream = fc.constantFrom('run/a', 'run/b', 'run/c');
const operation = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('append'), stream, bodies: fc.array(fc.string()) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('read'), stream, from: fc.nat(6) }) },
  fc.record({ kind: fc.constant('remove'), stream }),
  fc.record({ kind: fc.constant('fork'), stream, base: stream, length: fc.nat(6) }),
);

describe('EventCache', () => {
  it('gives what the database holds, whatever was written, forked or removed since (event-cache.1, event-cache.2)', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), fc.integer({ min: 0, max: 3000 }), (operations, most) => {
        const rows = new Rows();
        const cache = new EventCache(most);
        for (const each of operations) {
          if ('bodies' in each) rows.append(each.stream, each.bodies);
          else if ('base' in each) rows.fork(each.stream, each.base, each.length);
          else if (!('from' in each)) rows.remove(each.stream);
          else {
            const found = read(rows, cache, each.stream, each.from);
            expect(found).toEqual(rows.select(each.stream, each.from, 0).map(storedEvent));
          }
          expect(cache.size).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  it('does not take a run that was removed and imported again for the one before (event-cache.2)', () => {
    const [rows, cache] = [new Rows(), new EventCache()];
    rows.append('run/a', ['first', 'last']);
    read(rows, cache, 'run/a', 0);
    rows.remove('run/a');
    expect(read(rows, cache, 'run/a', 0)).toEqual([]);
    rows.append('run/a', ['changed', 'last', 'more']);
    expect(read(rows, cache, 'run/a', 0)).toMatchObject([
      { data: { text: 'changed' } },
      { data: { text: 'last' } },
      { data: { text: 'more' } },
    ]);
  });

  it('gives every reader the same event, followers among them (event-cache.3)', () => {
    const [rows, cache] = [new Rows(), new EventCache()];
    rows.append('run/a', ['one', 'two']);
    const first = read(rows, cache, 'run/a', 0);
    rows.append('run/a', ['three']);
    const second = read(rows, cache, 'run/a', 0);
    expect(second.slice(0, 2).map((event, i) => event === first[i])).toEqual([true, true]);
    expect(read(rows, cache, 'run/a', 1)[0]).toBe(first[1]);
    expect(rows.select('run/a', 0, 0).map((row, i) => cache.event(row) === second[i])).toEqual([true, true, true]);
    rows.remove('run/a');
    rows.append('run/a', ['another']);
    expect(cache.event(rows.select('run/a', 0, 0)[0]!).data).toEqual({ text: 'another' });
  });

  it('asks for no body that it knows', () => {
    const [rows, cache] = [new Rows(), new EventCache()];
    expect(cache.start('run/a', 0)).toMatchObject({ from: 0, bodies: 0 });
    rows.append('run/a', ['one', 'two']);
    read(rows, cache, 'run/a', 0);
    expect(cache.start('run/a', 0)).toMatchObject({ from: 1, bodies: 2 });
    expect(cache.start('run/a', 2)).toMatchObject({ from: 2, bodies: 2, held: null });
  });

  it('forgets the streams first that nobody has read for longest (event-cache.4)', () => {
    const [rows, cache] = [new Rows(), new EventCache(3_500)];
    for (const name of ['run/a', 'run/b', 'run/c']) rows.append(name, ['x'.repeat(1_000)]);
    read(rows, cache, 'run/a', 0);
    read(rows, cache, 'run/b', 0);
    read(rows, cache, 'run/a', 0);
    read(rows, cache, 'run/c', 0);
    expect(['run/a', 'run/b', 'run/c'].map((name) => cache.start(name, 0).held !== null)).toEqual([true, false, true]);
  });

  it('holds no stream that is longer than all it may hold, and still reads it (event-cache.4)', () => {
    const [rows, cache] = [new Rows(), new EventCache(2_000)];
    rows.append('run/a', ['short']);
    rows.append('run/b', ['x'.repeat(5_000)]);
    read(rows, cache, 'run/a', 0);
    expect(read(rows, cache, 'run/b', 0)).toHaveLength(1);
    expect(cache.start('run/b', 0).held).toBeNull();
    expect(cache.start('run/a', 0).held).not.toBeNull();
  });
});
