import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactLabel, ArtifactRef, PlaybookInput } from '@praxis/core';
import { parseInput, readInputs } from './goal-inputs.js';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'inputs-'));
  writeFileSync(join(cwd, 'sales.csv'), 'a,b\n1,2\n');
});
afterAll(() => rmSync(cwd, { recursive: true }));

const notes: string[] = [];
const artifacts = {
  async put(bytes: Uint8Array | AsyncIterable<Uint8Array>, label: ArtifactLabel): Promise<ArtifactRef> {
    let size = 0;
    for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) size += chunk.length;
    return { $artifact: 'a'.repeat(64), size, ...label };
  },
};
const input = (type: PlaybookInput['type']): PlaybookInput => ({ type, summary: '' });
const read = (typed: readonly string[], types?: Readonly<Record<string, PlaybookInput>>) =>
  readInputs(typed.map(parseInput), { cwd, artifacts, note: (text) => notes.push(text), ...(types && { types }) });
const sales = { $artifact: 'a'.repeat(64), size: 8, name: 'sales.csv', mediaType: 'text/csv' };

describe('--in', () => {
  it.each(['file', '=x', 'a b=x', '1a=x'])('refuses %j, and says how to write it', (text) =>
    expect(() => parseInput(text)).toThrow(/write name=value/),
  );

  it('takes a value with equals signs whole', () => expect(parseInput('q=a=b')).toEqual({ name: 'q', value: 'a=b' }));

  it('hands a file in where the playbook wants one', async () => {
    expect(await read(['file=sales.csv'], { file: input('file') })).toEqual({ file: sales });
    expect(await read(['all=sales.csv', 'all=sales.csv'], { all: input('files') })).toEqual({ all: [sales, sales] });
    await expect(read(['file=none.csv'], { file: input('file') })).rejects.toMatchObject({ code: 'missing' });
  });

  it('only looks at the file where nothing takes it', async () => {
    const looked = await readInputs([parseInput('file=sales.csv')], {
      cwd,
      artifacts: null,
      types: { file: input('file') },
      note: () => undefined,
    });
    expect(looked).toEqual({ file: { ...sales, $artifact: '0'.repeat(64) } });
  });

  it('says that a folder is no file, and what to do', () =>
    expect(read(['file=.'], { file: input('file') })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/it is a folder; name its files/),
    }));

  it('leaves a text as it is where the playbook wants one, although a file has its name', async () =>
    expect(await read(['name=sales.csv'], { name: input('string') })).toEqual({ name: 'sales.csv' }));

  it('takes the name of a file for the file where nothing says what it is, and says so', async () => {
    notes.length = 0;
    expect(await read(['a=sales.csv', 'b=text:sales.csv', 'c=json:{"x":[1]}', 'd=12'])).toEqual({
      a: sales,
      b: 'sales.csv',
      c: { x: [1] },
      d: '12',
    });
    expect(notes).toEqual([expect.stringContaining('sales.csv is handed in as a file')]);
  });

  it('refuses an input that is given twice, and JSON that is none', async () => {
    await expect(read(['a=1', 'a=2'])).rejects.toThrow(/given twice/);
    await expect(read(['a=json:{'])).rejects.toThrow(/is no JSON/);
  });
});
