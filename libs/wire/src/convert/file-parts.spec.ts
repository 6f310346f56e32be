import * as fc from 'fast-check';
import { fromParts, toParts } from './file-parts.js';

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
/** Cuts bytes at any places, also in the middle of a letter. */
const cut = (bytes: Buffer, places: readonly number[]): readonly Buffer[] => {
  const at = [0, ...[...new Set(places.map((p) => p % (bytes.length + 1)))].sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((to, i) => bytes.subarray(at[i], to));
};
const line = fc.string({ unit: 'binary' }).map((s) => Buffer.from(s.replaceAll('\n', '')).toString());

describe('a file in parts', () => {
  it('gives the lines that went in, wherever the parts end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat(), { maxLength: 5 }), async (lines, places) => {
        const bytes = Buffer.concat(await all(toParts(each(lines))));
        expect(await all(fromParts(each(cut(bytes, places))))).toEqual(lines);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps every part small, however long the lines are', async () => {
    const lines = ['ä'.repeat(100_000), '', 'short', 'x'.repeat(32 * 1024 - 1), 'y'.repeat(70_000)];
    const parts = await all(toParts(each(lines)));
    expect(Math.max(...parts.map((p) => p.length))).toBe(32 * 1024);
    expect(parts.slice(0, -1).every((p) => p.length === 32 * 1024)).toBe(true);
    expect(await all(fromParts(each(parts)))).toEqual(lines);
  });

  it('takes a last line without a line break, and nothing for a file without lines', async () => {
    expect(await all(fromParts(each([Buffer.from('a\nb')])))).toEqual(['a', 'b']);
    expect(await all(toParts(each([])))).toEqual([]);
    expect(await all(fromParts(each([])))).toEqual([]);
  });

  it('refuses what is no text', async () => {
    await expect(all(fromParts(each([Buffer.from([0xff, 0xfe, 10])])))).rejects.toMatchObject({
      code: 'invalid',
      message: 'The field file is not a text in UTF-8.',
    });
  });
});
