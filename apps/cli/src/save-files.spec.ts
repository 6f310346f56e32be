import { mkdtemp, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactRef } from '@praxis/core';
import { saveFiles } from './save-files.js';

let root: string;
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'save-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

const ref = (name: string): ArtifactRef => ({ $artifact: 'a'.repeat(64), size: 5, mediaType: 'text/plain', name });
const artifacts = {
  async *get() {
    yield Buffer.from('hel');
    yield Buffer.from('lo');
  },
};
const save = (names: readonly string[], force = false) =>
  saveFiles(names.map(ref), { folder: join(root, 'out'), force }, artifacts);

describe('saving the files of a run', () => {
  it('keeps their names and folders', async () => {
    const paths = await save(['report.md', 'charts/top.svg']);
    expect(paths).toEqual([join(root, 'out', 'report.md'), join(root, 'out', 'charts', 'top.svg')]);
    expect(await readFile(paths[1]!, 'utf8')).toBe('hello');
    expect(await readdir(join(root, 'out'))).toEqual(['charts', 'report.md']);
  });

  it.each(['../x', 'a/../../x', '/etc/x', 'C:\\x', 'a\\..\\..\\x', '..', '', 'a//b', 'a/./b', 'a\0b'])(
    'never leaves the folder: %j',
    async (name) => {
      await expect(save(['fine.txt', name])).rejects.toMatchObject({ code: 'denied' });
      expect(await readdir(root)).toEqual(['out']);
      expect(await readdir(join(root, 'out'))).toEqual([]);
    },
  );

  it('never follows a link out of the folder', async () => {
    await mkdir(join(root, 'out'));
    await mkdir(join(root, 'elsewhere'));
    await symlink(join(root, 'elsewhere'), join(root, 'out', 'charts'));
    await expect(save(['charts/top.svg'])).rejects.toMatchObject({ code: 'denied' });
    expect(await readdir(join(root, 'elsewhere'))).toEqual([]);
  });

  it('replaces nothing unless it is told to', async () => {
    await mkdir(join(root, 'out'));
    await writeFile(join(root, 'out', 'report.md'), 'mine');
    await expect(save(['new.md', 'report.md'])).rejects.toMatchObject({ code: 'conflict' });
    expect(await readFile(join(root, 'out', 'report.md'), 'utf8')).toBe('mine');
    await save(['report.md'], true);
    expect(await readFile(join(root, 'out', 'report.md'), 'utf8')).toBe('hello');
  });
});
