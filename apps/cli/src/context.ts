import { resolve } from 'node:path';
import type { Logger } from '@praxis/core';
import { createLogger, describeSettings, loadSettings, type SettingSources, type Settings } from '@praxis/platform';
import type { Printer } from './print.js';

/** What every command may use. */
export interface Context {
  readonly settings: Settings;
  readonly cwd: string;
  /** Folder of what the command line remembers, absolute. */
  readonly dataDir: string;
  readonly print: Printer;
  /** Whether the user set this setting, rather than leaving it at its default. */
  isSet(key: string): boolean;
  logger(name: string): Logger;
}

/** Reads the settings and makes the context of one command. */
export function makeContext({ env, cwd, print }: SettingSources & { readonly print: Printer }): Context {
  const settings = loadSettings({ env, cwd });
  const set = new Set(
    describeSettings(settings)
      .filter((row) => row.source !== 'default')
      .map((row) => row.key),
  );
  // A warning in the middle of a picture that is drawn anew ten times a second helps nobody who did not ask for it.
  const isQuiet = print.isTerminal && !set.has('log.level');
  return {
    settings,
    cwd,
    dataDir: resolve(cwd, settings.data.dir),
    print,
    isSet: (key) => set.has(key),
    logger: (name) => createLogger({ level: isQuiet ? 'error' : settings.log.level, name }),
  };
}
