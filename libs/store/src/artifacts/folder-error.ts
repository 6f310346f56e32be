import { PraxisError, type ErrorCode } from '@praxis/core';

const MEANINGS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOSPC: ['exhausted', 'its disk is full; free some space there and try again'],
  EDQUOT: ['exhausted', 'its disk quota is used up; free some space there and try again'],
  EACCES: ['denied', 'this process may not use it; give its user the rights to read and write there'],
  EPERM: ['denied', 'this process may not use it; give its user the rights to read and write there'],
  EROFS: ['denied', 'it is mounted read-only; mount it writable'],
  ENOTDIR: ['invalid', 'it is no folder; set PRAXIS_ARTIFACTS_FOLDER to one'],
  EEXIST: ['invalid', 'it is no folder; set PRAXIS_ARTIFACTS_FOLDER to one'],
};

/** The code of a failed call of the system, such as `ENOENT`. */
export function codeOf(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}

/** Says what is wrong with the folder of artifacts; other errors are given as they are. */
export function folderError(thrown: unknown, folder?: string): unknown {
  const code = codeOf(thrown);
  if (thrown instanceof PraxisError || code === null || !/^E[A-Z0-9]+$/.test(code)) return thrown;
  const [meaning, why] = MEANINGS[code] ?? [
    'unavailable',
    `the system answers ${code}; look at the disk and try again`,
  ];
  const where = folder === undefined ? '' : ` ${folder}`;
  return new PraxisError(meaning, `The folder${where} of the artifacts cannot be used: ${why}.`, { cause: thrown });
}
