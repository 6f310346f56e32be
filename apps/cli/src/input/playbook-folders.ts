import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from '../context.js';

/** Where the command line looks for playbooks before the shipped ones: the folders of the settings, then ./playbooks. */
export function playbookFolders({ settings, cwd }: Pick<Context, 'settings' | 'cwd'>): readonly string[] {
  const own = resolve(cwd, 'playbooks');
  const set = settings.playbooks.folders.map((folder) => resolve(cwd, folder));
  return set.includes(own) || !isFolder(own) ? set : [...set, own];
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
