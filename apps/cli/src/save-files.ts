import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { PraxisError, type ArtifactRef, type ArtifactStore } from '@praxis/core';

/** Where to save files, and whether those that are there may be replaced. */
export interface Saving {
  readonly folder: string;
  readonly force: boolean;
}

/**
 * Saves artifacts under their names and gives the paths. The names are a run's, which may have taken them from
 * strangers: none leads out of the folder, by itself or through a link. A file that is there stays as it is unless
 * `force` says otherwise. A file gets its name when it is whole.
 */
export async function saveFiles(
  refs: readonly ArtifactRef[],
  { folder, force }: Saving,
  artifacts: Pick<ArtifactStore, 'get'>,
): Promise<readonly string[]> {
  const root = resolve(folder);
  await mkdir(root, { recursive: true });
  const targets = refs.map((ref) => ({ ref, path: pathIn(root, ref.name) }));
  for (const { ref, path } of targets) await refuseTarget(root, path, { name: ref.name, force });
  for (const { ref, path } of targets) {
    await mkdir(dirname(path), { recursive: true });
    await write(path, artifacts.get(ref.$artifact));
  }
  return targets.map(({ path }) => path);
}

function pathIn(root: string, name: string): string {
  const parts = name.split(/[\\/]/);
  const isPlain = parts.every((p) => p !== '' && p !== '.' && p !== '..' && !/[:\0]/.test(p));
  const path = join(root, ...parts);
  if (!isPlain || !path.startsWith(root + sep))
    throw new PraxisError('denied', `The file ${JSON.stringify(name)} is not saved: its name leads out of the folder.`);
  return path;
}

/** No folder on the way is a link, and nothing is there yet. */
async function refuseTarget(
  root: string,
  path: string,
  { name, force }: { readonly name: string; readonly force: boolean },
): Promise<void> {
  for (let at = dirname(path); at.length > root.length; at = dirname(at)) {
    const found = await lstat(at).catch(() => null);
    if (found && !found.isDirectory())
      throw new PraxisError('denied', `The file ${name} is not saved: ${at} is no folder, or a link to one.`);
  }
  const found = await lstat(path).catch(() => null);
  if (found && !force)
    throw new PraxisError(
      'conflict',
      `${path} is there already; save to another folder, or say --force to replace it.`,
    );
  if (found?.isDirectory()) throw new PraxisError('conflict', `${path} is a folder; save to another one.`);
}

async function write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  const file = await open(part, 'wx').catch((cause: NodeJS.ErrnoException) => {
    throw new PraxisError(
      'denied',
      `Cannot write ${path} (${cause.code ?? cause.message}); choose a folder of yours.`,
      {
        cause,
      },
    );
  });
  try {
    await pipeline(Readable.from(bytes, { objectMode: true }), file.createWriteStream());
    await rename(part, path);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}
