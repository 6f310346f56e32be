import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { PraxisError, nearestName, type Playbook } from '@praxis/core';
import { readPlaybook } from './read-playbook.js';

/** A playbook and where it was read. */
export interface FoundPlaybook {
  readonly playbook: Playbook;
  /** A path, or `shipped`. */
  readonly from: string;
}

const SHIPPED = new URL('../playbooks/', import.meta.url);

/** The playbooks that are part of the product. */
export const shippedPlaybooks = (): readonly FoundPlaybook[] =>
  readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ playbook: readPlaybook(readFileSync(new URL(name, SHIPPED), 'utf8'), name), from: 'shipped' }));

/** A file that should be a playbook and is none. */
export interface BrokenPlaybook {
  readonly from: string;
  /** Says where and why. */
  readonly error: PraxisError;
}

/**
 * The playbooks of some folders, then the shipped ones; of several with one name the first. Fails where a file is no
 * playbook, unless `onBroken` takes it.
 */
export function listPlaybooks(
  folders: readonly string[],
  onBroken: (broken: BrokenPlaybook) => void = ({ error }) => {
    throw error;
  },
): readonly FoundPlaybook[] {
  const own = folders.flatMap(inFolder).flatMap((found) => {
    if ('playbook' in found) return [found];
    onBroken(found);
    return [];
  });
  const names = new Set<string>();
  return [...own, ...shippedPlaybooks()].filter(({ playbook: { playbook } }) => {
    if (names.has(playbook)) return false;
    names.add(playbook);
    return true;
  });
}

/**
 * Finds a playbook by its name or by the path of its file. Fails with `missing` and the names there are; with `invalid`
 * where its file is broken. Broken files of other names do not matter.
 */
export function findPlaybook(nameOrFile: string, folders: readonly string[], cwd: string): FoundPlaybook {
  const path = resolve(cwd, nameOrFile);
  const isFile = /[./\\]/.test(nameOrFile) && existsSync(path) && statSync(path).isFile();
  if (isFile) return { playbook: readPlaybook(textOf(path, nameOrFile), nameOrFile), from: nameOrFile };
  const all = listPlaybooks(folders, ({ from, error }) => {
    if (basename(from).replace(/\.ya?ml$/, '') === nameOrFile) throw error;
  });
  const found = all.find(({ playbook }) => playbook.playbook === nameOrFile);
  if (found) return found;
  const names = all.map(({ playbook }) => playbook.playbook);
  const near = nearestName(nameOrFile, names);
  const hint = near === null ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`;
  throw new PraxisError('missing', `There is no playbook and no file called ${nameOrFile}. ${hint}`);
}

function inFolder(folder: string): readonly (FoundPlaybook | BrokenPlaybook)[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    const { code = 'no reason given' } = cause as NodeJS.ErrnoException;
    throw new PraxisError('invalid', `The folder of playbooks ${folder} cannot be read (${code}).`, { cause });
  }
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => {
      const from = join(folder, name);
      try {
        return { playbook: readPlaybook(textOf(from, from), from), from };
      } catch (thrown) {
        return { from, error: PraxisError.from(thrown) };
      }
    });
}

function textOf(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code = 'no reason given' } = cause as NodeJS.ErrnoException;
    throw new PraxisError('invalid', `The playbook ${shown} cannot be read (${code}).`, { cause });
  }
}
