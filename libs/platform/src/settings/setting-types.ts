import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const PORT_LIMIT = 65_535;

/** `host:port`, with a port that exists. */
export const hostPort = z
  .string()
  .regex(/^[^\s:]+:\d+$/, 'must be host:port')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= PORT_LIMIT, `ports end at ${PORT_LIMIT}`);

/** The path of a file or folder; a leading `~` is the home folder, as a shell would have it. */
export const path = z
  .string()
  .min(1)
  .refine((text) => !text.includes('\0'), 'a path holds no NUL character')
  .overwrite(expandHome)
  .refine(
    (text) => !/^~([\w.-]*)(\/|$)/.test(text),
    'only a shell knows the folder of another user; write the whole path, or ./~ for a name that begins so',
  );

/** Puts the home folder in place of a leading `~`. */
export function expandHome(text: string): string {
  if (text !== '~' && !text.startsWith('~/')) return text;
  try {
    return join(homedir(), text.slice(1));
  } catch {
    // A user id without an entry in the password file and without HOME has none; the rule after this says so.
    return text;
  }
}

const ENCODE =
  'in a user name or password, write % as %25, # as %23, / as %2F, ? as %3F, : as %3A, @ as %40, a space as %20';

/** The address of a database or of Redis: checked whole, so that no driver meets one that it cannot read. */
export const storeUrl = (beginning: RegExp, example: string): z.ZodString =>
  z
    .string()
    .regex(beginning, `must begin with ${example}`)
    .refine(isWholeUrl, `it is no URL that can be read; ${ENCODE}`);

/**
 * The driver reads `prefer`, `require` and `verify-ca` as `verify-full` and warns of it on every start; so it is
 * written as what it means.
 */
export const asDriverReads = (url: string): string =>
  /[?&]uselibpqcompat=true/.test(url)
    ? url
    : url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');

/** An address of a web service. */
export const httpUrl = z
  .string()
  .regex(/^https?:\/\//i, 'must begin with http:// or https://')
  .refine(isWholeUrl, `it is no URL that can be read; ${ENCODE}`);

/** Whether a text is one URL, and its parts are what they seem: an unencoded / or # would cut a password short. */
export function isWholeUrl(text: string): boolean {
  const afterScheme = text.slice(text.indexOf('://') + 3);
  const authority = /^[^/?#]*/.exec(afterScheme)![0];
  const rest = afterScheme.slice(authority.length);
  if (rest.includes('@') || /%(?![0-9a-f]{2})/i.test(afterScheme)) return false;
  try {
    const url = new URL(text);
    for (const part of [url.username, url.password]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
