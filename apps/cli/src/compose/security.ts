import { PraxisError } from '@praxis/core';
import { isLoopback, readSecurity, type ProcessSecurity, type Settings } from '@praxis/platform';
import { keyChecker, type ClientOptions } from '@praxis/wire';
import type { Context } from '../context.js';
import { count } from '../view/words.js';

const read = new WeakMap<Settings, ProcessSecurity>();
const warned = new WeakSet<Settings>();

/** How this process guards what it serves and comes to what others serve; its files are read once. */
export function securityOf(settings: Settings): ProcessSecurity {
  let security = read.get(settings);
  if (!security) read.set(settings, (security = readSecurity(settings)));
  return security;
}

/** How to call a service; says once where the key would cross the network for everybody to read. */
export function callOptions(
  { settings, logger }: Pick<Context, 'settings' | 'logger'>,
  address: string,
): ClientOptions {
  const security = securityOf(settings).client;
  if (security.key !== null && security.tls === null && !isLoopback(address) && !warned.has(settings)) {
    warned.add(settings);
    logger('praxis').warn(
      'the key crosses the network unencrypted, where others may read it; set PRAXIS_TLS_CA_FILE and serve over TLS (docs/security.md)',
      { address },
    );
  }
  return { security };
}

/** The same, to a service whose certificate may hold the name of another address instead of its own. */
export function trusting({ security, ...rest }: ClientOptions, address: string): ClientOptions {
  const host = address.slice(0, address.lastIndexOf(':'));
  return security?.tls
    ? { ...rest, security: { ...security, tls: { ...security.tls, names: [host] } } }
    : { ...rest, security };
}

/** Where a process listens; browsers show no certificates, so a dashboard is guarded by keys alone. */
export interface Doors {
  readonly services: readonly string[];
  readonly dashboard: string | null;
}

/** Says so where the network may use what this process serves: one line, on what to do about it. */
export function warnOfPublicBind(
  { settings, print, logger }: Pick<Context, 'settings' | 'print' | 'logger'>,
  { services, dashboard }: Doors,
): void {
  if (settings.api.keyHashes.length > 0) return;
  const unguarded = [
    ...(settings.tls.clients === 'certified' ? [] : services),
    ...(dashboard === null ? [] : [dashboard]),
  ];
  const open = unguarded.filter((address) => !isLoopback(address));
  if (open.length === 0) return;
  const text = `the door is open: everybody who reaches ${open.join(', ')} may use it. Ask for a key (PRAXIS_API_KEY_HASHES; \`praxis key\` makes one) or, of services, for certificates (PRAXIS_TLS_CLIENTS=certified), or listen on 127.0.0.1; see docs/security.md.`;
  // Beside other lines of log it is one; a person at a terminal reads a sentence, whatever level they chose.
  if (print.isTerminal) print.note(`praxis: ${text}`);
  else logger('praxis').warn(text);
}

/** How this process would serve and call, for the doctor. */
export function describeSecurity(settings: Settings): string {
  const { server, client } = securityOf(settings);
  const serves = [
    server.tls === null ? 'plainly' : server.tls.clientCa === null ? 'over TLS' : 'over mutual TLS',
    server.keyHashes.length === 0 ? 'asks for no key' : `accepts ${count(server.keyHashes.length, 'key')}`,
  ];
  const calls = [client.tls === null ? 'plainly' : 'over TLS', client.key === null ? 'shows no key' : 'shows a key'];
  return `serves ${serves.join(' and ')}; calls ${calls.join(' and ')}`;
}

/** Services of one process that call each other must be able to pass their own door. */
export function refuseLockedOut(settings: Settings): void {
  const { server, client } = securityOf(settings);
  if (server.tls !== null && client.tls === null) {
    throw new PraxisError(
      'invalid',
      'The services of this process call each other over TLS: set PRAXIS_TLS_CA_FILE to the authority that signed the certificate (one that signed itself is its own).',
    );
  }
  if (server.keyHashes.length > 0 && (client.key === null || !keyChecker(server.keyHashes)(client.key))) {
    throw new PraxisError(
      'invalid',
      'The services of this process call each other: set PRAXIS_API_KEY (or PRAXIS_API_KEY_FILE) to a key whose hash stands in PRAXIS_API_KEY_HASHES.',
    );
  }
}
