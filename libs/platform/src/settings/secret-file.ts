import { readFileSync } from 'node:fs';
import { PraxisError } from '@praxis/core';

/** Reads a file that a setting names; the message of a failure says which setting that was. */
export function readNamedFile(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new PraxisError('missing', `The file ${path} named by ${setting} does not exist.`, { cause });
    if (code === 'EACCES' || code === 'EPERM')
      throw new PraxisError('denied', `The file ${path} named by ${setting} may not be read by this user.`, { cause });
    throw new PraxisError('invalid', `The file ${path} named by ${setting} cannot be read (${code}).`, { cause });
  }
}

/** Reads a secret that stands alone in a file. */
export function readSecret(variable: string, path: string): string {
  const text = readNamedFile(variable, path).toString('utf8').trim();
  if (text === '') throw new PraxisError('invalid', `The file ${path} named by ${variable} is empty.`);
  return text;
}
