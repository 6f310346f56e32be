import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { credentials, ServerCredentials, type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { PraxisError } from '@praxis/core';

/** What a server shows over TLS (PEM), and from whom it wants to see a certificate. */
export interface ServerTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** The authority that must have signed the callers' certificates (mutual TLS); null asks for none. */
  readonly clientCa: Buffer | null;
}

/** How a server guards its door. */
export interface ServerSecurity {
  /** Null serves plainly. */
  readonly tls: ServerTls | null;
  /** SHA-256 of every key that opens the door, in hexadecimal; none asks for no key. */
  readonly keyHashes: readonly string[];
  /** Largest request that is taken. */
  readonly requestBytes: number;
}

/** Whom a client trusts (PEM), and what it shows of itself. */
export interface ClientTls {
  /** The authority that must have signed the server's certificate; null trusts those that Node comes with. */
  readonly ca: Buffer | null;
  /** For servers that want to see a certificate. */
  readonly cert: Buffer | null;
  readonly key: Buffer | null;
  /** Names that a certificate may hold instead of the address that is called; for addresses that services announce. */
  readonly names?: readonly string[];
  /** False takes whatever certificate is shown; only for questions that hold no secret, to this machine. */
  readonly verify?: boolean;
}

/** How a client comes to a server's door. */
export interface ClientSecurity {
  /** Null calls plainly. */
  readonly tls: ClientTls | null;
  /** The key that it shows; null shows none. */
  readonly key: string | null;
}

/** How a server takes connections. */
export function serverCredentials(tls: ServerTls | null): ServerCredentials {
  if (tls === null) return ServerCredentials.createInsecure();
  return ServerCredentials.createSsl(
    tls.clientCa,
    [{ private_key: tls.key, cert_chain: tls.cert }],
    tls.clientCa !== null,
  );
}

/** How a client makes connections to an address. */
export function channelSecurity(
  tls: ClientTls | null,
  address: string,
): { readonly credentials: ChannelCredentials; readonly options: ChannelOptions } {
  if (tls === null) return { credentials: credentials.createInsecure(), options: {} };
  const host = address.slice(0, address.lastIndexOf(':'));
  const isNumber = isIP(host) !== 0;
  const names = [host, ...(tls.names ?? [])];
  const check = (_name: string, cert: Parameters<typeof checkServerIdentity>[1]): Error | undefined => {
    const found = names.map((name) => checkServerIdentity(name, cert));
    return found.includes(undefined) ? undefined : found[0];
  };
  const verify = {
    rejectUnauthorized: tls.verify !== false,
    ...(isNumber || names.length > 1 ? { checkServerIdentity: check } : {}),
  };
  return {
    credentials: credentials.createSsl(tls.ca, tls.key, tls.cert, verify),
    // An IP address may not be announced as a server's name (RFC 6066), but the library would; what is checked is the
    // address.
    options: isNumber ? { 'grpc.ssl_target_name_override': 'localhost' } : {},
  };
}

/** The header that shows a key; refuses one that no header can carry, without repeating it. */
export function bearer(key: string): string {
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new PraxisError(
      'invalid',
      'The key in PRAXIS_API_KEY holds spaces, line breaks or letters beyond ASCII; make one with `praxis key`.',
    );
  return `Bearer ${key}`;
}
