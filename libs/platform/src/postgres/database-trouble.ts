import { PraxisError, type ErrorCode } from '@praxis/core';

/** What is known of a connection to a database that failed. */
interface Trouble {
  /** Of the error's code, or of its text. */
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /** `{where}` stands for the address, `{said}` for the server's own words. */
  readonly text: string;
}

const POOLER = "Use the database's direct address, or a pooler in session mode (docs/deploy.md).";
const TRUST =
  'If you know the server, add sslrootcert=FILE (the authority that signed it) or sslmode=no-verify (encrypted, but anybody may pose as the server) to the URL';

/** Causes by the code of the error, most telling first. */
const BY_CODE: readonly Trouble[] = [
  {
    pattern: /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_UNTRUSTED|INVALID_CA/,
    code: 'denied',
    text: `The certificate of the Postgres at {where} is not trusted ({said}). ${TRUST}.`,
  },
  {
    pattern: /CERT_HAS_EXPIRED/,
    code: 'denied',
    text: 'The certificate of the Postgres at {where} has expired; have it renewed.',
  },
  {
    pattern: /CERT_NOT_YET_VALID/,
    code: 'denied',
    text: "The certificate of the Postgres at {where} is not valid yet; check this machine's clock.",
  },
  {
    pattern: /ALTNAME_INVALID/,
    code: 'denied',
    text: `The certificate of the Postgres at {where} is made out to another name; use a name that it holds. ${TRUST}.`,
  },
  {
    pattern: /^ERR_(SSL|TLS|OSSL)|^EPROTO$/,
    code: 'denied',
    text: 'TLS with the Postgres at {where} failed: {said}. Check sslmode in the URL, and whether a Postgres listens there.',
  },
  {
    pattern: /^ENOTFOUND$|^EAI_/,
    code: 'invalid',
    text: 'The host name in {where} is unknown; check PRAXIS_DATABASE_URL.',
  },
  {
    pattern: /^ETIMEDOUT$|^EHOSTUNREACH$|^ENETUNREACH$|^EHOSTDOWN$/,
    code: 'unavailable',
    text: 'The host of {where} cannot be reached; check the address, the network and firewalls.',
  },
  {
    pattern: /^53300$/,
    code: 'unavailable',
    text: 'The Postgres at {where} accepts no more connections; raise its max_connections, or lower PRAXIS_DATABASE_POOL_SIZE.',
  },
  {
    pattern: /^57P03$/,
    code: 'unavailable',
    text: 'The Postgres at {where} is starting up or shutting down ({said}); try again in a moment.',
  },
  {
    pattern: /^3D000$/,
    code: 'missing',
    text: 'The Postgres at {where} has no such database; create it first (createdb), or name another one at the end of the URL.',
  },
  {
    pattern: /^42501$/,
    code: 'denied',
    text: 'The Postgres at {where} does not let this user in: {said}. Grant it the right to connect.',
  },
];

/** Causes by what the server or the driver says. */
const BY_TEXT: readonly Trouble[] = [
  {
    pattern: /no pg_hba\.conf entry.*no encryption|SSL (connection )?is required|SSL required/i,
    code: 'denied',
    text: 'The Postgres at {where} takes encrypted connections only; add sslmode=require to the URL.',
  },
  {
    pattern: /no pg_hba\.conf entry/i,
    code: 'denied',
    text: "The Postgres at {where} does not admit this machine, user or database ({said}); add a line to the server's pg_hba.conf.",
  },
  {
    pattern: /does not support SSL/i,
    code: 'invalid',
    text: 'The Postgres at {where} speaks no TLS; take sslmode out of the URL, or set up TLS there.',
  },
  {
    pattern: /unsupported startup parameter|pool_mode|no more connections allowed|server_login_retry|pgbouncer/i,
    code: 'invalid',
    text: `The connection pooler at {where} refuses: {said}. ${POOLER}`,
  },
  {
    pattern: /no such database/i,
    code: 'missing',
    text: 'The Postgres at {where} has no such database; create it first (createdb), or name another one at the end of the URL.',
  },
  {
    pattern: /starting up|shutting down|in recovery/i,
    code: 'unavailable',
    text: 'The Postgres at {where} is starting up or shutting down ({said}); try again in a moment.',
  },
  {
    pattern: /timeout/i,
    code: 'unavailable',
    text: 'The Postgres at {where} does not answer in time; check the address, the network and firewalls, and whether it is overloaded.',
  },
  {
    pattern: /terminated unexpectedly|ECONNRESET|socket hang up/i,
    code: 'unavailable',
    text: 'What listens at {where} closes the connection at once; is it a Postgres, and does it want TLS (sslmode=require)?',
  },
  {
    pattern: /SASL|password must be a string/i,
    code: 'denied',
    text: 'The Postgres at {where} asks for a password, and the URL holds none or a wrong one; check PRAXIS_DATABASE_URL.',
  },
];

/** Says why a database could not be connected to, by its real cause, with what to do about it. */
export function databaseTrouble(thrown: unknown, where: string): PraxisError {
  if (thrown instanceof PraxisError) return thrown;
  const { code, message, path } = firstCause(thrown);
  const made = (trouble: Pick<Trouble, 'code' | 'text'>): PraxisError =>
    new PraxisError(trouble.code, trouble.text.replace('{where}', where).replace('{said}', message), { cause: thrown });
  const known =
    BY_TEXT.slice(0, 2).find(({ pattern }) => pattern.test(message)) ??
    BY_CODE.find(({ pattern }) => pattern.test(code)) ??
    BY_TEXT.find(({ pattern }) => pattern.test(message));
  if (known) return made(known);
  if (code.startsWith('28'))
    return made({
      code: 'denied',
      text: 'The Postgres at {where} refuses the user or the password; check PRAXIS_DATABASE_URL.',
    });
  if (code === 'ENOENT' && path !== null && !/\.s\.PGSQL/.test(path))
    return made({ code: 'missing', text: 'A file named in the URL {where} does not exist: {said}.' });
  if (code === 'EACCES')
    return made({ code: 'denied', text: 'A file named in the URL {where} may not be read by this user: {said}.' });
  if (/^(ECONNREFUSED|ENOENT)$/.test(code))
    return made({
      code: 'unavailable',
      text: 'No Postgres answers at {where}; start it, or unset PRAXIS_DATABASE_URL to use the embedded one.',
    });
  return made({
    code: 'unavailable',
    text: 'The Postgres at {where} cannot be used: {said}. Check PRAXIS_DATABASE_URL.',
  });
}

/** Where a name has several addresses, each failed for its own reason; the first one is told. */
function firstCause(thrown: unknown): {
  readonly code: string;
  readonly message: string;
  readonly path: string | null;
} {
  const { code, message, path, errors } = (thrown ?? {}) as {
    code?: unknown;
    message?: unknown;
    path?: unknown;
    errors?: readonly unknown[];
  };
  if (typeof code !== 'string' && Array.isArray(errors) && errors.length > 0) return firstCause(errors[0]);
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : String(thrown),
    path: typeof path === 'string' ? path : null,
  };
}
