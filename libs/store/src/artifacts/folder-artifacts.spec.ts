import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARTIFACT_GRACE_MS } from '@praxis/core';
import { artifactsContract } from '@praxis/testing';
import { FolderArtifactStore } from './folder-artifacts.js';

const LABEL = { name: 'a.txt', mediaType: 'text/plain' };
const folders: string[] = [];
let now = 1_000_000_000_000;

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'praxis-artifacts-'));
  folders.push(folder);
  return folder;
}
const open = (folder: string, maxBytes?: number) =>
  new FolderArtifactStore(folder, { clock: { now: () => now }, maxBytes });
const pathOf = (folder: string, sha256: string): string => join(folder, sha256.slice(0, 2), sha256);
async function read(store: FolderArtifactStore, sha256: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of store.get(sha256)) parts.push(part);
  return Buffer.concat(parts).toString();
}

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

artifactsContract('FolderArtifactStore', async () => open(await newFolder()));

describe('FolderArtifactStore', () => {
  it('refuses what is larger than its limit, says so, and leaves nothing behind', async () => {
    const folder = await newFolder();
    await expect(open(folder, 10).put(Buffer.from('eleven byte'), LABEL)).rejects.toMatchObject({
      code: 'exhausted',
      message: expect.stringContaining('PRAXIS_LIMITS_ARTIFACT_MB'),
    });
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    await open(folder, 11).put(Buffer.from('eleven byte'), LABEL);
  });

  it('fails with invalid where the file was changed or cut, and is mended by the next put (artifacts.3)', async () => {
    const folder = await newFolder();
    const store = open(folder);
    const { $artifact } = await store.put(Buffer.from('as it was'), LABEL);
    for (const wrong of ['as it is!', 'as it', '']) {
      await writeFile(pathOf(folder, $artifact), wrong);
      await expect(read(store, $artifact)).rejects.toMatchObject({ code: 'invalid' });
    }
    await store.put(Buffer.from('as it was'), LABEL);
    expect(await read(store, $artifact)).toBe('as it was');
  });

  it('deletes only what was neither put nor asked for since', async () => {
    const store = open(await newFolder());
    const put = async (text: string): Promise<string> => (await store.put(Buffer.from(text), LABEL)).$artifact;
    const [old, again, asked] = [await put('old'), await put('again'), await put('asked')];
    now += ARTIFACT_GRACE_MS;
    const since = now - 1;
    await put('again');
    expect((await store.has([asked])).size).toBe(1);
    expect(await store.remove([old, again, asked], since)).toEqual([old]);
    expect(await store.has([old, again, asked])).toEqual(
      new Map([
        [again, 5],
        [asked, 5],
      ]),
    );
  });

  it('gives back what a collector had moved aside when it was killed (folder-artifacts.2)', async () => {
    const folder = await newFolder();
    const store = open(folder);
    const refs = await Promise.all(['read', 'asked', 'listed'].map((text) => store.put(Buffer.from(text), LABEL)));
    const [first, second, third] = refs.map((ref) => ref.$artifact) as [string, string, string];
    for (const sha256 of [first, second, third])
      await rename(pathOf(folder, sha256), `${pathOf(folder, sha256)}.leaving`);
    expect(await read(store, first)).toBe('read');
    expect([...(await store.has([second])).keys()]).toEqual([second]);
    const listed: string[] = [];
    for await (const { sha256 } of store.list()) listed.push(sha256);
    expect(listed.sort()).toEqual([first, second, third].sort());
    expect((await readdir(join(folder, third.slice(0, 2)))).filter((name) => name.endsWith('.leaving'))).toEqual([]);
  });

  it('loses nothing that is asked for while the collector deletes (folder-artifacts.2)', async () => {
    const store = open(await newFolder());
    for (let i = 0; i < 200; i++) {
      const { $artifact } = await store.put(Buffer.from(`raced ${i}`), LABEL);
      now += 2 * ARTIFACT_GRACE_MS;
      const [, has] = await Promise.all([store.remove([$artifact], now - 1), store.has([$artifact])]);
      // Whoever was told that it is there finds it.
      if (has.size > 0) expect(await read(store, $artifact)).toBe(`raced ${i}`);
    }
  });

  it('leaves nothing to be seen of a put that is killed in the middle (folder-artifacts.1, folder-artifacts.3)', async () => {
    const folder = await newFolder();
    const code = `
      const { FolderArtifactStore } = await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)});
      async function* bytes() {
        for (let i = 0; ; i++) {
          yield new Uint8Array(1 << 20);
          if (i === 3) process.stdout.write('writing');
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
      await new FolderArtifactStore(${JSON.stringify(folder)}).put(bytes(), { name: 'a', mediaType: 'b' });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = open(folder);
    const listed: unknown[] = [];
    for await (const artifact of store.list()) listed.push(artifact);
    expect([listed, (await readdir(join(folder, 'incoming'))).length]).toEqual([[], 1]);
    await store.removeUnfinished(Date.now() - ARTIFACT_GRACE_MS);
    expect(await readdir(join(folder, 'incoming'))).toHaveLength(1);
    await store.removeUnfinished(Date.now() + 1000);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  it('says what is wrong with a folder that is none', async () => {
    const file = join(await newFolder(), 'file');
    await writeFile(file, '');
    await expect(open(file).put(Buffer.from('x'), LABEL)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('PRAXIS_ARTIFACTS_FOLDER'),
    });
    await mkdir(join(file, '..', 'there'));
    expect((await stat(file)).size).toBe(0);
  });
});
