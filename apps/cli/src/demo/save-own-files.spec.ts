import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveOwnFiles } from './save-own-files.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'own-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const stored = new Map(['old report', 'new report'].map((text) => [hashOf(text), text]));
const artifacts = {
  async *get(hash: string) {
    yield Buffer.from(stored.get(hash)!);
  },
  has: async (hashes: readonly string[]) =>
    new Map(hashes.filter((h) => stored.has(h)).map((h) => [h, stored.get(h)!.length])),
};
const report = { $artifact: hashOf('new report'), size: 10, mediaType: 'text/markdown', name: 'report.md' };
const save = (force = false) => saveOwnFiles([report], { folder, force }, artifacts);
const path = (): string => join(folder, 'report.md');

describe('saving the files of a demo again', () => {
  it('replaces what an earlier demo saved', async () => {
    expect(await save()).toEqual([path()]);
    writeFileSync(path(), 'old report');
    await save();
    expect(readFileSync(path(), 'utf8')).toBe('new report');
  });

  it('leaves a file that it did not make, unless it is told to replace it', async () => {
    writeFileSync(path(), 'mine');
    await expect(save()).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(path(), 'utf8')).toBe('mine');
    await save(true);
    expect(readFileSync(path(), 'utf8')).toBe('new report');
  });

  it('leaves a folder in its place', async () => {
    mkdirSync(path());
    await expect(save()).rejects.toMatchObject({ code: 'conflict' });
  });
});
