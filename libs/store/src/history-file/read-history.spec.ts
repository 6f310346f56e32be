import { PraxisError, linkTranscript, readTranscript, runStream, subgoalStream, type StoredEvent } from '@praxis/core';
import * as fc from 'fast-check';
import { historyHeader, writeLines, type HistoryLine } from './history-line.js';
import { historyJournal, readHistory } from './read-history.js';

const run = 'r-file';
const chain = linkTranscript(['hello', 'how are you?']);
const event = (stream: string, position: number, more: Partial<StoredEvent> = {}): HistoryLine => {
  const { refs, ...fields } = {
    stream,
    position,
    type: 'noted',
    version: 1,
    at: 100 + position,
    data: { n: position, odd: 'zero \u0000, half \ud83d' },
    ...more,
  };
  return { line: 'event', ...fields, refs: refs && [...refs] };
};
const sub = subgoalStream(`${run}.1.1.1`);
const streams = [
  { stream: runStream(run), length: 2 },
  { stream: sub, length: 1 },
];
const blobs = chain.links.map((b): HistoryLine => ({ line: 'blob', ...b, refs: [...b.refs] }));
const whole: readonly HistoryLine[] = [
  historyHeader({ run, parent: 'r-parent', streams }),
  event(runStream(run), 0),
  event(runStream(run), 1),
  event(sub, 0, { refs: [chain.head!] }),
  ...blobs,
  { line: 'session', id: run, version: 3, body: '{"world":1}' },
];

async function texts(lines: readonly HistoryLine[]): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const text of writeLines(lines)) all.push(text);
  return all;
}

const fateOf = (lines: readonly string[]): Promise<string> =>
  readHistory(lines).then(
    () => 'read',
    (thrown: unknown) => PraxisError.from(thrown).message,
  );

describe('historyJournal', () => {
  it('reads as the journal did that it came from, and cannot be written', async () => {
    const journal = await historyJournal(await texts(whole));
    expect([journal.run, journal.parent, journal.streams]).toEqual([run, 'r-parent', streams.map((s) => s.stream)]);
    expect((await journal.read(runStream(run), 1)).map((e) => e.data)).toEqual([
      { n: 1, odd: 'zero \u0000, half \ud83d' },
    ]);
    expect((await journal.read(sub))[0]).toEqual({
      stream: sub,
      position: 0,
      type: 'noted',
      version: 1,
      at: 100,
      data: { n: 0, odd: 'zero \u0000, half \ud83d' },
      refs: [chain.head],
    });
    expect(await journal.read('run/r-other')).toEqual([]);
    expect(await readTranscript(chain.head, journal.blobs.readAll)).toEqual(['hello', 'how are you?']);
    expect(journal.sessions.get(run)).toEqual({ version: 3, body: '{"world":1}' });
    await expect(journal.append(sub, 1, [])).rejects.toMatchObject({ code: 'denied' });
    await expect(journal.fork(sub, sub, 1)).rejects.toMatchObject({ code: 'denied' });
  });
});

describe('readHistory', () => {
  it('takes lines with and without their ends, and an empty last one', async () => {
    const lines = await texts(whole);
    expect(await fateOf(lines.map((l) => `${l}\r\n`))).toBe('read');
    expect(await fateOf([...lines.map((l) => `${l}\n`), ''])).toBe('read');
  });

  // history-line.1
  it('notices every changed character, every missing line and every line in another place', async () => {
    const lines = await texts(whole);
    const place = fc.nat(lines.length - 1);
    await fc.assert(
      fc.asyncProperty(place, fc.nat(10_000), fc.string({ minLength: 1, maxLength: 1 }), async (at, offset, char) => {
        const text = lines[at]!;
        const cut = offset % text.length;
        const changed = text.slice(0, cut) + char + text.slice(cut + 1);
        fc.pre(changed !== text);
        expect(await fateOf(lines.with(at, changed))).toMatch(/damaged|not a history file|format version/);
      }),
    );
    for (let at = 0; at < lines.length; at++)
      expect(await fateOf(lines.toSpliced(at, 1))).toMatch(/damaged|not a history file/);
    for (let at = 0; at + 1 < lines.length; at++)
      expect(await fateOf(lines.toSpliced(at, 2, lines[at + 1]!, lines[at]!))).toMatch(/damaged|not a history file/);
    expect(await fateOf([])).toMatch(/damaged/);
    expect(await fateOf([...lines, lines[1]!])).toMatch(/after its last line/);
  });

  // Sealed as well as any, so that only the look at what it says can find it.
  const without = (i: number): readonly HistoryLine[] => whole.filter((_, j) => j !== i);
  it.each<[string, readonly HistoryLine[], RegExp]>([
    ['an event too few (history-line.2)', without(2), /1 events instead of 2/],
    ['an event twice (history-line.2)', [...whole, event(runStream(run), 1)], /event 1 where 2 comes next/],
    [
      'events in another order (history-line.2)',
      [whole[0]!, whole[2]!, whole[1]!, ...whole.slice(3)],
      /event 1 where 0 comes next/,
    ],
    [
      'time that goes back (history-line.2)',
      [whole[0]!, event(runStream(run), 0, { at: 500 }), ...whole.slice(2)],
      /time goes back/,
    ],
    ['a stream that is not named (history-line.2)', [...whole, event('subgoal/r-file.1.2.1', 0)], /does not name/],
    [
      'a stream of another run',
      [historyHeader({ run, parent: null, streams: [{ stream: 'run/r-other', length: 0 }] })],
      /another run/,
    ],
    [
      'a text that is not its hash (history-line.3)',
      [...without(4), { ...(blobs[0] as Extract<HistoryLine, { line: 'blob' }>), body: 'forged' }],
      /does not have its hash/,
    ],
    ['a text too few (history-line.3)', without(4), /and missing/],
    ['a text that an event names too few (history-line.3)', without(5), /and missing/],
    ['two headers', [...whole, whole[0]!], /begins twice/],
    // history-line.4
    ['a newer format', [{ ...whole[0], version: 3 } as HistoryLine, ...whole.slice(1)], /newer release/],
  ])('refuses %s', async (_name, lines, message) => {
    expect(await fateOf(await texts(lines))).toMatch(message);
  });

  it('says what a file is not', async () => {
    expect(await fateOf(['{"hello":1}'])).toMatch(/not a history file/);
    expect(await fateOf([(await texts(whole))[0]!, '{'])).toMatch(/line 2 is not JSON/);
  });
});
