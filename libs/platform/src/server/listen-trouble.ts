import { PraxisError } from '@praxis/core';

/**
 * Causes for which an address cannot be listened at, as systems and libraries name them; the first that fits counts.
 */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/EADDRINUSE/, 'another process uses this port'],
  [/EACCES|EPERM/, 'this user may not use this port; those below 1024 need special rights'],
  [/EADDRNOTAVAIL/, 'this machine has no such address; use one of its own, 127.0.0.1 or 0.0.0.0'],
  [/ENOTFOUND|EAI_AGAIN|resolution/i, 'the host name is unknown'],
];

/** Says why a service cannot listen at an address, and what to do. */
export function listenTrouble(address: string, cause: unknown, advice = 'see `praxis settings`'): PraxisError {
  const { code = '', message = '' } = (cause ?? {}) as { readonly code?: unknown; readonly message?: string };
  const said = `${String(code)} ${message}`;
  const why = CAUSES.find(([pattern]) => pattern.test(said))?.[1] ?? (message || 'no reason was given');
  return new PraxisError('unavailable', `Cannot listen on ${address}: ${why}. Choose another address (${advice}).`, {
    cause,
  });
}
