import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, stat, unlink, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ARTIFACT_GRACE_MS,
  ARTIFACT_LIMIT,
  ARTIFACT_PART_BYTES,
  isArtifactHash,
  systemClock,
  type ArtifactLabel,
  type ArtifactRef,
  type Clock,
} from '@praxis/core';
import { ArtifactBytes, checked, missingArtifact } from './artifact-bytes.js';
import type { ArtifactPlug, ArtifactPlugOptions, StoredArtifact } from './artifact-plug.js';
import { codeOf, folderError } from './folder-error.js';

/** Where puts that are under way write. */
const INCOMING = 'incoming';

/** What the collector is about to delete has this ending. */
const LEAVING = '.leaving';

/** A file that was kept later than this long ago need not be touched. */
const FRESH_MS = ARTIFACT_GRACE_MS / 2;

/**
 * Artifacts as files of one folder, `ab/abcd…` by the first two digits of their hashes. Processes on several machines
 * may share the folder; two deployments must not. The time of a file says when it was last put or asked for.
 *
 * folder-artifacts.1 A file has its name when all its bytes are on the disk: no reader sees a part of an artifact.
 * folder-artifacts.2 The collector moves a file aside before it deletes it and looks at its time again. A `put`, `get` or
 *                    `has` that misses the file meanwhile moves it back, so that what is needed again is not deleted.
 * folder-artifacts.3 What a killed put left has no name that a reader looks for, and the collector deletes it.
 */
export class FolderArtifactStore implements ArtifactPlug {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #maxBytes: number;

  constructor(
    folder: string,
    { maxBytes = ARTIFACT_LIMIT, clock = systemClock }: ArtifactPlugOptions & { readonly clock?: Clock } = {},
  ) {
    this.#folder = folder;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  async put(bytes: Uint8Array | AsyncIterable<Uint8Array>, label: ArtifactLabel): Promise<ArtifactRef> {
    const source = new ArtifactBytes(bytes, label, this.#maxBytes);
    const temporary = join(this.#folder, INCOMING, randomUUID());
    const file = await this.#create(temporary);
    try {
      try {
        for await (const part of source.parts()) {
          await file.writeFile(part);
          await this.#touch(file);
        }
        await this.#touch(file);
        await file.sync();
      } finally {
        await file.close();
      }
      const ref = source.ref();
      await this.#publish(temporary, ref.$artifact);
      return ref;
    } catch (thrown) {
      await unlink(temporary).catch(() => undefined);
      throw folderError(thrown, this.#folder);
    }
  }

  async *get(sha256: string): AsyncGenerator<Uint8Array, void, undefined> {
    const file = await this.#found(sha256, (path) => open(path, 'r'));
    if (file === null) throw missingArtifact(sha256);
    try {
      yield* checked(sha256, (await file.stat()).size, partsOf(file));
    } catch (thrown) {
      throw folderError(thrown, this.#folder);
    } finally {
      await file.close();
    }
  }

  async has(sha256: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const now = this.#clock.now();
    const sizes = new Map<string, number>();
    for (const each of new Set(sha256)) {
      const found = await this.#found(each, async (path) => {
        const { size, mtimeMs } = await stat(path);
        if (mtimeMs < now - FRESH_MS) await utimes(path, now / 1000, now / 1000);
        return size;
      });
      if (found !== null) sizes.set(each, found);
    }
    return sizes;
  }

  async *list(): AsyncGenerator<StoredArtifact, void, undefined> {
    for (const shelf of await entriesOf(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(shelf)) continue;
      const names = (await entriesOf(join(this.#folder, shelf))).map((name) => name.replace(LEAVING, ''));
      for (const sha256 of new Set(names)) {
        if (!isArtifactHash(sha256)) continue;
        const found = await this.#found(sha256, (path) => stat(path));
        if (found) yield { sha256, size: found.size, keptAt: found.mtimeMs };
      }
    }
  }

  async remove(sha256: readonly string[], keptSince: number): Promise<readonly string[]> {
    const removed: string[] = [];
    for (const each of sha256) if (await this.#remove(this.#path(each), keptSince)) removed.push(each);
    return removed;
  }

  async removeUnfinished(touchedSince: number): Promise<void> {
    const folder = join(this.#folder, INCOMING);
    for (const name of await entriesOf(folder)) {
      const touched = await unlessGone(stat(join(folder, name)));
      if (touched && touched.mtimeMs <= touchedSince) await unlessGone(unlink(join(folder, name)));
    }
  }

  #path(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }

  async #create(path: string): Promise<FileHandle> {
    try {
      await mkdir(join(this.#folder, INCOMING), { recursive: true });
      return await open(path, 'wx', 0o600);
    } catch (thrown) {
      throw folderError(thrown, this.#folder);
    }
  }

  #touch(file: FileHandle): Promise<void> {
    const now = this.#clock.now() / 1000;
    return file.utimes(now, now);
  }

  /** Equal bytes that are there already are replaced, which changes their time and mends them where damaged. */
  async #publish(temporary: string, sha256: string): Promise<void> {
    const shelf = join(this.#folder, sha256.slice(0, 2));
    await mkdir(shelf, { recursive: true });
    await rename(temporary, this.#path(sha256));
    for (const folder of [shelf, this.#folder]) await syncFolder(folder);
  }

  /** Does something with the file of an artifact; null where there is none (folder-artifacts.2). */
  async #found<T>(sha256: string, use: (path: string) => Promise<T>): Promise<T | null> {
    if (!isArtifactHash(sha256)) return null;
    const path = this.#path(sha256);
    const first = await unlessGone(use(path));
    if (first !== null) return first;
    await restore(path);
    return unlessGone(use(path));
  }

  async #remove(path: string, keptSince: number): Promise<boolean> {
    const aside = path + LEAVING;
    try {
      const seen = await unlessGone(stat(path));
      if (seen === null || seen.mtimeMs > keptSince) return false;
      await rename(path, aside);
      if ((await stat(aside)).mtimeMs > keptSince) {
        await restore(path);
        return false;
      }
      await unlink(aside);
      return (await unlessGone(stat(path))) === null;
    } catch (thrown) {
      // Another process moved it back.
      if (codeOf(thrown) === 'ENOENT') return false;
      throw folderError(thrown, this.#folder);
    }
  }
}

/** Moves a file back that the collector moved aside; a newer one that is there already stays. */
async function restore(path: string): Promise<void> {
  const aside = path + LEAVING;
  try {
    await link(aside, path);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return;
    if (codeOf(thrown) !== 'EEXIST') throw folderError(thrown, path);
  }
  await unlessGone(unlink(aside));
}

async function* partsOf(file: FileHandle): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    const part = Buffer.alloc(ARTIFACT_PART_BYTES);
    let filled = 0;
    while (filled < part.length) {
      const { bytesRead } = await file.read(part, filled, part.length - filled, null);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    if (filled > 0) yield part.subarray(0, filled);
    if (filled < part.length) return;
  }
}

/** Null where the file is not there. */
async function unlessGone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return null;
    throw folderError(thrown);
  }
}

/** The names in a folder; none where there is no such folder. */
const entriesOf = async (folder: string): Promise<readonly string[]> => (await unlessGone(readdir(folder))) ?? [];

/** A name is on the disk when its folder is; Windows cannot open one. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
