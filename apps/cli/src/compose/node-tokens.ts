import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inDataFolder, openDataFolder, writeAnew } from '@praxis/platform';
import { z } from 'zod';

const pathIn = (dataDir: string): string => join(dataDir, 'node-tokens.json');
const tokensSchema = z.record(z.string(), z.string());

/** The token with which a node was registered from this data folder, if it was. */
export function readNodeToken(dataDir: string, name: string): string | undefined {
  return readAll(dataDir).get(name);
}

/** Remembers the token of a registration, so that other commands in the same folder may speak for the node. */
export function keepNodeToken(dataDir: string, name: string, token: string): void {
  openDataFolder(dataDir);
  const all = readAll(dataDir).set(name, token);
  inDataFolder(dataDir, () => writeAnew(pathIn(dataDir), `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`));
}

function readAll(dataDir: string): Map<string, string> {
  try {
    return new Map(Object.entries(tokensSchema.parse(JSON.parse(readFileSync(pathIn(dataDir), 'utf8')))));
  } catch {
    return new Map();
  }
}
