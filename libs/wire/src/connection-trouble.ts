import type { ErrorCode } from '@praxis/core';

/** Why no call could be made, and what to check; `{where}` stands for the server. */
interface Trouble {
  readonly pattern: RegExp;
  /** `denied` where trying again cannot help. */
  readonly code: ErrorCode;
  readonly text: string;
}

/** What the library says where two ends do not agree about TLS; the first that fits counts. */
const OVER_TLS: readonly Trouble[] = [
  {
    pattern: /wrong version number|packet length too long|\bEPROTO\b/i,
    code: 'unavailable',
    text: '{where} does not speak TLS; unset PRAXIS_TLS_CA_FILE, or give that service a certificate (PRAXIS_TLS_CERT_FILE, PRAXIS_TLS_KEY_FILE)',
  },
  {
    pattern: /certificate has expired/i,
    code: 'denied',
    text: 'the certificate of {where} has expired; make it a new one and start it again',
  },
  {
    pattern: /certificate is not yet valid/i,
    code: 'denied',
    text: 'the certificate of {where} is not valid yet; check the clocks of both machines',
  },
  {
    pattern: /does not match certificate/i,
    code: 'denied',
    text: 'the certificate of {where} is made out to another name; call it by a name in its certificate, or make one that holds this name too (subjectAltName)',
  },
  {
    pattern: /alert (certificate required|bad certificate|unknown ca|certificate unknown|handshake failure)/i,
    code: 'denied',
    text: '{where} wants to see a certificate of its authority; set PRAXIS_TLS_CERT_FILE and PRAXIS_TLS_KEY_FILE to one that it signed',
  },
  {
    pattern: /certificate/i,
    code: 'denied',
    text: 'the certificate of {where} is not signed by the authority in PRAXIS_TLS_CA_FILE; check that both ends use the same authority',
  },
];

/** A connection that the other end closed before a word was said. */
const CUT_OFF = /^no connection established.*(failed to connect \(|econnreset|socket hang up|socket disconnected)/i;

/** The story behind an UNAVAILABLE that TLS explains; null where TLS has nothing to do with it. */
export function tlsTrouble(
  details: string,
  isSecure: boolean,
  where: string,
): { readonly code: ErrorCode; readonly message: string } | null {
  const known =
    isSecure && /no connection established/i.test(details)
      ? OVER_TLS.find(({ pattern }) => pattern.test(details))
      : undefined;
  if (known) return { code: known.code, message: known.text.replace('{where}', where) };
  if (!CUT_OFF.test(details)) return null;
  const advice = isSecure
    ? 'it may want a certificate of its authority (PRAXIS_TLS_CERT_FILE, PRAXIS_TLS_KEY_FILE)'
    : 'it may speak TLS only (set PRAXIS_TLS_CA_FILE)';
  return { code: 'unavailable', message: `${where} ends the connection at once; ${advice}` };
}
