import { Spool, type Place } from './spool.js';

async function* texts(list: readonly string[]): AsyncGenerator<string> {
  yield* list;
}

describe('a spool', () => {
  it('gives every line back, in order and by its place, however long it is', async () => {
    const list = ['a', '', 'é鍋🫖', 'x'.repeat(700_000), 'last'];
    const spool = await Spool.open(10_000_000);
    const places: Place[] = [];
    for await (const line of spool.keep(texts(list.map((l) => `${l}\r\n`)))) {
      expect(line).toBe(`${list[places.length]!}\r\n`);
      places.push(spool.last);
    }
    const back: string[] = [];
    for await (const line of spool.lines()) back.push(line);
    expect(back).toEqual(list);
    for (const [n, place] of places.entries()) expect(await spool.read(place)).toBe(list[n]);
    await spool.close();
  });

  it('takes no more than it may', async () => {
    const spool = await Spool.open(1_000);
    const keep = async (): Promise<void> => {
      for await (const _ of spool.keep(texts(Array.from({ length: 100 }, () => 'x'.repeat(99))))) continue;
    };
    await expect(keep()).rejects.toMatchObject({ code: 'exhausted' });
    await spool.close();
  });
});
