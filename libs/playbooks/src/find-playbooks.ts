import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
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

/** The playbooks of some folders, then the shipped ones; a name that comes again is the first one. */
export function listPlaybooks(folders: readonly string[]): readonly FoundPlaybook[] {
  const own = folders.flatMap(inFolder);
  const names = new Set<string>();
  return [...own, ...shippedPlaybooks()].filter(({ playbook: { playbook } }) => {
    if (names.has(playbook)) return false;
    names.add(playbook);
    return true;
  });
}

/** Finds a playbook by its name or by the path of its file; fails with `missing` and the names there are. */
export function findPlaybook(nameOrFile: string, folders: readonly string[], cwd: string): FoundPlaybook {
  const path = resolve(cwd, nameOrFile);
  const isFile = /[./\\]/.test(nameOrFile) && existsSync(path) && statSync(path).isFile();
  if (isFile) return { playbook: readPlaybook(readFileSync(path, 'utf8'), nameOrFile), from: nameOrFile };
  const all = listPlaybooks(folders);
  const found = all.find(({ playbook }) => playbook.playbook === nameOrFile);
  if (found) return found;
  const names = all.map(({ playbook }) => playbook.playbook);
  const near = nearestName(nameOrFile, names);
  const hint = near === null ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`;
  throw new PraxisError('missing', `There is no playbook and no file called ${nameOrFile}. ${hint}`);
}

function inFolder(folder: string): readonly FoundPlaybook[] {
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
      return { playbook: readPlaybook(readFileSync(from, 'utf8'), from), from };
    });
}
