import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PraxisError } from '@praxis/core';
import { defineVerb } from '../../verb.js';

/** A file that holds a password in its own way. */
interface PasswordFile {
  readonly name: string;
  readonly write: (password: string) => string;
  readonly read: RegExp;
}

/** Which files a cluster needs, and how each follows from its password; both files of a pair hold the same one. */
const PAIRS: readonly (readonly PasswordFile[])[] = [
  [
    { name: 'postgres_password', write: (password: string) => password, read: /^(\S+)\s*$/ },
    {
      name: 'database_url',
      write: (password: string) => `postgres://praxis:${password}@postgres:5432/praxis`,
      read: /^postgres(?:ql)?:\/\/[^:]+:([^@]+)@/,
    },
  ],
  [
    { name: 'redis.conf', write: (password: string) => `requirepass ${password}`, read: /^requirepass (\S+)/m },
    {
      name: 'redis_url',
      write: (password: string) => `redis://:${password}@redis:6379`,
      read: /^rediss?:\/\/[^:]*:([^@]+)@/,
    },
  ],
];

/** `praxis secrets`: the files from which a cluster under Docker Compose takes its passwords. */
export const secretsVerb = defineVerb({
  usage: 'secrets <folder>',
  summary:
    'make the files from which a cluster takes its passwords, where they are missing; what is there is never changed',
  examples: ['secrets ./secrets', 'secrets ./secrets --json'],
  run: async ({ args, options, context: { cwd, print } }) => {
    const folder = resolve(cwd, args[0]!);
    const { made, kept } = makeSecrets(folder);
    if (options.json) print.json({ folder, made, kept });
    else {
      print.lines([
        ...made.map((name) => `made  ${join(folder, name)}`),
        ...kept.map((name) => `kept  ${join(folder, name)}`),
      ]);
      if (made.length > 0)
        print.note(
          'Containers run as users of their own, so everybody on this machine may read them; keep the folder where only you may come.',
        );
    }
    return 0;
  },
});

/** Makes what is missing in a folder; a password that one file of a pair holds goes into the other one. */
export function makeSecrets(folder: string): { readonly made: readonly string[]; readonly kept: readonly string[] } {
  try {
    // Read by containers whose users are not ours; and never by git.
    if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o755);
    if (!existsSync(join(folder, '.gitignore'))) writeFileSync(join(folder, '.gitignore'), '*\n');
    const made = PAIRS.flatMap((pair) => makeMissing(folder, pair));
    return {
      made,
      kept: PAIRS.flat()
        .map(({ name }) => name)
        .filter((name) => !made.includes(name)),
    };
  } catch (cause) {
    if (cause instanceof PraxisError) throw cause;
    throw new PraxisError(
      'denied',
      `Cannot write secrets into ${folder} (${(cause as NodeJS.ErrnoException).code ?? String(cause)}); choose a folder that is yours.`,
      { cause },
    );
  }
}

function makeMissing(folder: string, pair: readonly PasswordFile[]): readonly string[] {
  const missing = pair.filter(({ name }) => !existsSync(join(folder, name)));
  if (missing.length === 0) return [];
  const there = pair.find((file) => !missing.includes(file));
  const password = there ? readPassword(join(folder, there.name), there.read) : randomBytes(24).toString('hex');
  return missing
    .filter(({ name, write }) => writeOnce(join(folder, name), `${write(password)}\n`))
    .map(({ name }) => name);
}

function readPassword(path: string, pattern: RegExp): string {
  const password = pattern.exec(readFileSync(path, 'utf8'))?.[1];
  if (password === undefined)
    throw new PraxisError(
      'invalid',
      `There is no password in ${path} as it would have been made here; write the other files by hand, or take this one away.`,
    );
  return password;
}

function writeOnce(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
  // Whatever the umask says.
  chmodSync(path, 0o444);
  return true;
}
