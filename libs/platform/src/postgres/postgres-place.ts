import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdtempSync, readFileSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PraxisError, type Logger } from '@praxis/core';
import { openDataFolder, writeAnew } from './data-folder.js';
import { copyBinaries, findPostgres, isReachable, linkLibraries } from './postgres-binaries.js';

/** Postgres refuses to run as root; this user owns nothing. */
const NOBODY = 65534;

/** Where the embedded database lives, and as whom it runs. */
export interface PostgresPlace {
  readonly bin: string;
  readonly data: string;
  readonly root: string;
  /** Null where the server runs as the user of this process. */
  readonly ids: { readonly uid: number; readonly gid: number } | null;
}

/** `initdb` hands the name of its own folder to a shell, in double quotes. */
const UNSAFE_BIN = process.platform === 'win32' ? /["%!^&|<>]/ : /["$`\\\p{Cc}]/u;

/**
 * Chooses where the embedded database lives: the data folder, or for root, where the server's user cannot reach that,
 * a folder of root's own for temporary files. To be called under the start lock of the data folder.
 *
 * place.1 The fallback folder has a random name, which the data folder remembers; a name that others can predict is
 *         never used for a new one.
 * place.2 A fallback folder is used only where it is a real folder of ours that nobody else may write to.
 */
export function choosePlace(dataDir: string, temporary: string, log: Logger): PostgresPlace {
  openDataFolder(dataDir);
  const isRoot = process.getuid?.() === 0;
  let root = dataDir;
  let bin = findPostgres();
  linkLibraries(bin);
  if (isRoot && !(isReachable(dataDir) && isReachable(bin))) {
    root = fallback(dataDir, temporary);
    log.warn('the data folder cannot be reached without root rights; the embedded database lives elsewhere', {
      place: root,
    });
    if (!isReachable(bin)) bin = copyBinaries(bin, root);
  }
  if (UNSAFE_BIN.test(bin)) {
    const advice =
      'Install Praxis in a folder whose name has no quotes, $, ` or \\, or set PRAXIS_DATABASE_URL to use a Postgres of your own.';
    throw new PraxisError(
      'invalid',
      `The embedded Postgres cannot be started from ${JSON.stringify(bin)}: Postgres hands this name to a shell. ${advice}`,
    );
  }
  return { bin, data: join(root, 'postgres'), root, ids: isRoot ? { uid: NOBODY, gid: NOBODY } : null };
}

function fallback(dataDir: string, temporary: string): string {
  const note = join(dataDir, 'postgres-place');
  const known = readNote(note);
  if (known !== null) {
    const trouble = troubleOf(known);
    if (trouble === null) return known;
    // Temporary files are sometimes swept; what was there is gone, and a new database is better than none.
    if (trouble !== 'missing')
      throw new PraxisError(
        'denied',
        `The embedded database lives in ${known} (named in ${note}), which cannot be trusted: ${trouble}. Look who changed it; without the file, a new database is made.`,
      );
  }
  const older = join(temporary, `praxis-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`);
  const place = known === null && troubleOf(older) === null ? older : mkdtempSync(join(temporary, 'praxis-'));
  // The server's user walks through it, and lists nothing in it.
  chmodSync(place, 0o711);
  writeAnew(note, `${place}\n`);
  return place;
}

function readNote(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Why a folder for temporary files is not ours alone; null where it is, `missing` where it does not exist (place.2).
 */
function troubleOf(place: string): string | null {
  let found: Stats;
  try {
    found = lstatSync(place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw error;
  }
  if (!found.isDirectory()) return 'it is a link or a file';
  if (found.uid !== process.getuid?.()) return `it belongs to user ${found.uid}`;
  if ((found.mode & 0o022) !== 0) return 'others may write to it';
  if (
    !basename(place).startsWith('praxis-') ||
    realpathSync(place) !== realpathSync(dirname(place)) + `/${basename(place)}`
  )
    return 'it is no folder that Praxis made';
  const above = lstatSync(realpathSync(dirname(place)));
  if ((above.mode & 0o022) !== 0 && (above.mode & 0o1000) === 0)
    return 'others may replace it, since the folder above has no sticky bit';
  return null;
}
