import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactRef, ArtifactStore } from '@praxis/core';
import { saveFiles, type Saving } from '../save-files.js';

/**
 * Saves artifacts as `saveFiles` does, and also replaces files of earlier saves: those whose bytes the artifact store
 * holds. Fails with `conflict` where another file is in the way, unless `force` is set.
 */
export async function saveOwnFiles(
  refs: readonly ArtifactRef[],
  { folder, force }: Saving,
  artifacts: Pick<ArtifactStore, 'get' | 'has'>,
): Promise<readonly string[]> {
  const paths = refs.map(({ name }) => join(folder, name));
  return saveFiles(refs, { folder, force: force || (await areStored(paths, artifacts)) }, artifacts);
}

/** Whether the artifact store holds the bytes of every file that exists among these. */
async function areStored(paths: readonly string[], artifacts: Pick<ArtifactStore, 'has'>): Promise<boolean> {
  const found = await Promise.all(paths.map(hashOf));
  if (found.includes('unreadable')) return false;
  const hashes = found.filter((hash) => hash !== 'missing');
  const stored = hashes.length === 0 ? new Map<string, number>() : await artifacts.has(hashes);
  return hashes.every((hash) => stored.has(hash));
}

async function hashOf(path: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable';
  }
}
