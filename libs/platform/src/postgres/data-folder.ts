import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { PraxisError } from '@praxis/core';

/** Postgres and our own files write a folder's name into lines; a line break in it would end them. */
const CONTROL = /\p{Cc}/u;

/** What a failed file operation means for the data folder: the error's code, the class of the failure, the cause. */
const TROUBLES: Readonly<Record<string, readonly ['denied' | 'invalid', string]>> = {
  EACCES: ['denied', 'this user may not read or write it'],
  EPERM: ['denied', 'this user may not read or write it'],
  EROFS: ['denied', 'its file system is read-only'],
  EEXIST: ['invalid', 'a file or a broken link has this name'],
  ENOTDIR: ['invalid', 'a part of the path is a file'],
  EISDIR: ['invalid', 'it holds a folder where Praxis keeps a file'],
  ENOENT: ['invalid', 'a part of the path does not exist or is a broken link'],
  ELOOP: ['invalid', 'its links lead back to themselves'],
  ENAMETOOLONG: ['invalid', 'the name is too long'],
  EINVAL: ['invalid', 'the system does not take this name'],
};

/**
 * Creates the data folder where it is missing; fails with `denied` or `invalid` where Praxis cannot keep files in it.
 */
export function openDataFolder(dir: string): void {
  if (CONTROL.test(dir)) {
    throw new PraxisError(
      'invalid',
      `The name of the data folder ${JSON.stringify(dir)} holds a control character such as a line break. Choose another folder with PRAXIS_DATA_DIR.`,
    );
  }
  inDataFolder(dir, () => {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  });
}

/** Does file work in the data folder; a failure of the file system names the folder and what to do. */
export function inDataFolder<T>(dir: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw folderTrouble(dir, thrown);
  }
}

/** A failure of the file system in words; anything else as it is. */
export function folderTrouble(dir: string, thrown: unknown): unknown {
  if (thrown instanceof PraxisError) return thrown;
  const found = TROUBLES[(thrown as Partial<NodeJS.ErrnoException> | null)?.code ?? ''];
  if (!found) return thrown;
  const who = process.getuid === undefined ? '' : ` (user id ${process.getuid()})`;
  const advice = 'Choose another folder with PRAXIS_DATA_DIR, or change its owner or rights.';
  return new PraxisError(found[0], `The data folder ${dir} cannot be used${who}: ${found[1]}. ${advice}`, {
    cause: thrown,
  });
}

/** Writes a small file anew. A link with this name is removed, never followed. */
export function writeAnew(path: string, text: string, mode = 0o600): void {
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode, flag: 'wx' });
}
