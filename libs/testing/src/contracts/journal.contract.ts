import { describe, expect, it } from '@jest/globals';
import { PraxisError, type Journal, type Json, type NewEvent } from '@praxis/core';

let streams = 0;
/** A stream of no known family, so that any data may be written to it. */
const newStream = (): string => `note/r-contract${process.pid}x${++streams}`;
const note = (data: Json, version = 1): NewEvent => ({ type: 'noted', version, data });
const codeOf = (thrown: unknown): string => (thrown instanceof PraxisError ? thrown.code : String(thrown));

/**
 * Registers one test per law of journals (journal.1–4), for a journal that `open` gives; streams are fresh each time.
 */
export function journalContract(name: string, open: () => Promise<Journal>): void {
  describe(`${name} keeps the laws of journals`, () => {
    it('counts positions from 0 without gaps (journal.1)', async () => {
      const journal = await open();
      const stream = newStream();
      expect(await journal.append(stream, 0, [note(1), note(2)])).toBe(2);
      expect(await journal.append(stream, 2, [note(3)])).toBe(3);
      expect((await journal.read(stream)).map((e) => [e.stream, e.position, e.data])).toEqual([
        [stream, 0, 1],
        [stream, 1, 2],
        [stream, 2, 3],
      ]);
    });

    it('reads from a position on, and nothing from an unknown stream', async () => {
      const journal = await open();
      const stream = newStream();
      await journal.append(stream, 0, [note('a'), note('b'), note('c')]);
      expect((await journal.read(stream, 1)).map((e) => e.data)).toEqual(['b', 'c']);
      expect(await journal.read(stream, 3)).toEqual([]);
      expect(await journal.read(newStream())).toEqual([]);
    });

    it.each([[0], [1], [3], [9]])(
      'refuses a writer who thinks that a stream of 2 has %i events (journal.2)',
      async (expected) => {
        const journal = await open();
        const stream = newStream();
        await journal.append(stream, 0, [note(1), note(2)]);
        await expect(journal.append(stream, expected, [note('late'), note('later')]).catch(codeOf)).resolves.toBe(
          'conflict',
        );
        expect((await journal.read(stream)).map((e) => e.data)).toEqual([1, 2]);
      },
    );

    it('lets exactly one of many racing writers win each position (journal.2)', async () => {
      const journal = await open();
      const stream = newStream();
      for (let position = 0; position < 5; position++) {
        const writers = Array.from({ length: 8 }, (_, i) =>
          journal.append(stream, position, [note(i)]).then(() => 'won', codeOf),
        );
        expect((await Promise.all(writers)).sort()).toEqual([...Array.from({ length: 7 }, () => 'conflict'), 'won']);
      }
      expect((await journal.read(stream)).map((e) => e.position)).toEqual([0, 1, 2, 3, 4]);
    });

    it('does not fail fresh streams because of a stale one beside them', async () => {
      const journal = await open();
      const [stale, ...fresh] = Array.from({ length: 6 }, newStream) as [string, ...string[]];
      await journal.append(stale, 0, [note('first')]);
      const results = await Promise.all(
        [stale, ...fresh].map((stream) => journal.append(stream, 0, [note('x')]).catch(codeOf)),
      );
      expect(results).toEqual(['conflict', 1, 1, 1, 1, 1]);
    });

    it('keeps the order of appends that do not wait for each other', async () => {
      const journal = await open();
      const stream = newStream();
      const lengths = await Promise.all(Array.from({ length: 20 }, (_, i) => journal.append(stream, i, [note(i)])));
      expect(lengths).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
      expect((await journal.read(stream)).map((e) => e.data)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    });

    it('gives data back exactly as it was written, large or small', async () => {
      const journal = await open();
      const stream = newStream();
      const odd: Json = {
        z: 1,
        a: { c: null, b: [true, -0.5, 1e21] },
        'ключ "\\': 'zero \u0000, half \ud83d, whole 🙂, { } , NULL',
        '': {},
      };
      const large: Json = { ...odd, text: 'é"\\'.repeat(4000) };
      await journal.append(stream, 0, [note(odd, 3), note(large), note(null)]);
      const events = await journal.read(stream);
      expect(events.map((e) => JSON.stringify(e.data))).toEqual([JSON.stringify(odd), JSON.stringify(large), 'null']);
      expect(events.map((e) => [e.type, e.version])).toEqual([
        ['noted', 3],
        ['noted', 1],
        ['noted', 1],
      ]);
    });

    it('never lets time go back within a stream', async () => {
      const journal = await open();
      const stream = newStream();
      for (let i = 0; i < 5; i++) await journal.append(stream, i, [note(i)]);
      const times = (await journal.read(stream)).map((e) => e.at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it('keeps the names of blobs that data names beside it', async () => {
      const journal = await open();
      const stream = newStream();
      await journal.append(stream, 0, [{ ...note(1), refs: ['a'.repeat(64), 'b'.repeat(64)] }, note(2)]);
      const [first, second] = await journal.read(stream);
      expect(first!.refs).toEqual(['a'.repeat(64), 'b'.repeat(64)]);
      expect(second).not.toHaveProperty('refs');
    });

    // journal.4
    it("begins a fork with its base's events, under its own name, and neither sees what the other writes later", async () => {
      const journal = await open();
      const [base, stream] = [newStream(), newStream()];
      await journal.append(base, 0, [
        note('a'),
        { ...note({ large: 'b'.repeat(5000) }), refs: ['c'.repeat(64)] },
        note('c'),
      ]);
      await journal.fork(stream, base, 2);
      const shared = (await journal.read(base)).slice(0, 2).map((e) => ({ ...e, stream }));
      expect(await journal.read(stream)).toEqual(shared);
      expect(await journal.read(stream, 1)).toEqual(shared.slice(1));
      expect(await journal.read(stream, 2)).toEqual([]);
      expect(await journal.append(stream, 2, [note('mine'), note('too')])).toBe(4);
      expect(await journal.append(stream, 4, [note('again')])).toBe(5);
      expect(await journal.append(base, 3, [note('d')])).toBe(4);
      expect((await journal.read(stream)).map((e) => [e.stream, e.position, e.type])).toEqual(
        [0, 1, 2, 3, 4].map((p) => [stream, p, 'noted']),
      );
      expect((await journal.read(stream, 1)).map((e) => e.data)).toEqual([shared[1]!.data, 'mine', 'too', 'again']);
      expect((await journal.read(base)).map((e) => e.position)).toEqual([0, 1, 2, 3]);
    });

    it('forks forks, before and after the place where they branched off (journal.4)', async () => {
      const journal = await open();
      const [first, second, early, late, exact] = Array.from({ length: 5 }, newStream) as [
        string,
        string,
        string,
        string,
        string,
      ];
      await journal.append(first, 0, [note(0), note(1), note(2)]);
      await journal.fork(second, first, 2);
      await journal.append(second, 2, [note('x'), note('y')]);
      await journal.fork(early, second, 1);
      await journal.fork(late, second, 3);
      await journal.fork(exact, second, 2);
      for (const stream of [early, late, exact])
        await journal.append(stream, (await journal.read(stream)).length, [note('end')]);
      const data = async (stream: string): Promise<readonly Json[]> => (await journal.read(stream)).map((e) => e.data);
      expect(await data(early)).toEqual([0, 'end']);
      expect(await data(late)).toEqual([0, 1, 'x', 'end']);
      expect(await data(exact)).toEqual([0, 1, 'end']);
      expect(await data(second)).toEqual([0, 1, 'x', 'y']);
    });

    it.each([[0], [1], [2], [4], [9]])(
      'refuses a writer who thinks that a fork of 3 events has %i (journal.2, journal.4)',
      async (expected) => {
        const journal = await open();
        const [base, stream] = [newStream(), newStream()];
        await journal.append(base, 0, [note(0), note(1), note(2), note(3), note(4)]);
        await journal.fork(stream, base, 3);
        await expect(journal.append(stream, expected, [note('late')]).catch(codeOf)).resolves.toBe('conflict');
        expect((await journal.read(stream)).map((e) => e.data)).toEqual([0, 1, 2]);
      },
    );

    // journal.4
    it('refuses to fork to a stream that has begun, and from one that is shorter; the same again is harmless', async () => {
      const journal = await open();
      const [base, other, stream, begun] = Array.from({ length: 4 }, newStream) as [string, string, string, string];
      for (const s of [base, other, begun]) await journal.append(s, 0, [note(1), note(2)]);
      const fork = (to: string, from: string, length: number): Promise<unknown> =>
        journal.fork(to, from, length).then(() => 'forked', codeOf);
      expect(await fork(begun, base, 1)).toBe('conflict');
      expect(await fork(stream, base, 3)).toBe('invalid');
      expect(await fork(stream, newStream(), 1)).toBe('invalid');
      expect(await journal.read(stream)).toEqual([]);
      expect(await fork(stream, base, 2)).toBe('forked');
      expect(await fork(stream, base, 2)).toBe('forked');
      expect(await fork(stream, base, 1)).toBe('conflict');
      expect(await fork(stream, other, 2)).toBe('conflict');
      expect(await journal.append(stream, 2, [note(3)])).toBe(3);
      expect(await fork(stream, base, 2)).toBe('forked');
      expect(await fork(newStream(), base, 0)).toBe('forked');
    });

    it('lets exactly one of a fork and a first append win (journal.2, journal.4)', async () => {
      const journal = await open();
      const base = newStream();
      await journal.append(base, 0, [note('base'), note('base')]);
      for (let i = 0; i < 10; i++) {
        const stream = newStream();
        const fates = await Promise.all([
          journal.append(stream, 0, [note('own')]).then(() => 'own', codeOf),
          journal.fork(stream, base, 2).then(() => 'base', codeOf),
        ]);
        expect(fates.filter((f) => f === 'conflict')).toHaveLength(1);
        const winner = fates.find((f) => f !== 'conflict')!;
        expect(new Set((await journal.read(stream)).map((e) => e.data))).toEqual(new Set([winner]));
      }
    });

    it('refuses an append of nothing', async () => {
      const journal = await open();
      await expect(journal.append(newStream(), 0, []).catch(codeOf)).resolves.toBe('invalid');
    });
  });
}
