import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { PraxisError } from '@praxis/core';
import { readNamedFile } from '../settings/secret-file.js';
import type { Settings } from '../settings/settings.js';

/**
 * How this process guards what it serves, and how it comes to what others serve; fits the parameters of the wire room.
 */
export interface ProcessSecurity {
  readonly server: {
    readonly tls: { readonly cert: Buffer; readonly key: Buffer; readonly clientCa: Buffer | null } | null;
    readonly keyHashes: readonly string[];
    readonly requestBytes: number;
  };
  readonly client: {
    readonly tls: { readonly ca: Buffer | null; readonly cert: Buffer | null; readonly key: Buffer | null } | null;
    readonly key: string | null;
  };
}

const NO_CERTIFICATE = { cert: null, key: null };

/**
 * Reads what the settings name. Fails where a file is missing, is not what it should be, does not belong to the others
 * or has expired: an end that cannot be secured as was asked does not start.
 */
export function readSecurity(
  { tls, api, limits }: Pick<Settings, 'tls' | 'api' | 'limits'>,
  now = Date.now(),
): ProcessSecurity {
  const own = readOwn(tls, now);
  const ca = tls.caFile === null ? null : readAuthority(tls.caFile, now);
  if (tls.clients === 'certified' && (own === null || ca === null)) {
    throw new PraxisError(
      'invalid',
      'PRAXIS_TLS_CLIENTS=certified asks callers for certificates, which takes a certificate (PRAXIS_TLS_CERT_FILE, PRAXIS_TLS_KEY_FILE) and the authority that signed theirs (PRAXIS_TLS_CA_FILE).',
    );
  }
  return {
    server: {
      tls: own && { ...own, clientCa: tls.clients === 'certified' ? ca : null },
      keyHashes: api.keyHashes,
      requestBytes: limits.requestKb * 1024,
    },
    client: { tls: ca && { ca, ...(own ?? NO_CERTIFICATE) }, key: api.key },
  };
}

/** Whether an address can be reached from this machine only. */
export function isLoopback(address: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)(:\d+)?$/.test(address);
}

function readOwn(
  { certFile, keyFile }: Settings['tls'],
  now: number,
): { readonly cert: Buffer; readonly key: Buffer } | null {
  if (certFile === null && keyFile === null) return null;
  if (certFile === null || keyFile === null)
    throw new PraxisError(
      'invalid',
      'PRAXIS_TLS_CERT_FILE and PRAXIS_TLS_KEY_FILE belong together; set both or neither.',
    );
  const cert = readNamedFile('PRAXIS_TLS_CERT_FILE', resolve(certFile));
  const key = readNamedFile('PRAXIS_TLS_KEY_FILE', resolve(keyFile));
  const certificate = parseCertificate(cert, `The file ${certFile} named by PRAXIS_TLS_CERT_FILE`);
  refuseOutdated(certificate, `The certificate in ${certFile}`, now);
  if (!certificate.checkPrivateKey(parseKey(key, keyFile))) {
    throw new PraxisError(
      'invalid',
      `The key in ${keyFile} does not belong to the certificate in ${certFile}; take the one with which the certificate was asked for.`,
    );
  }
  return { cert, key };
}

function readAuthority(caFile: string, now: number): Buffer {
  const pem = readNamedFile('PRAXIS_TLS_CA_FILE', resolve(caFile));
  // A bundle may hold several, of which old ones do no harm beside one that is still good.
  const blocks = pem.toString('latin1').match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [''];
  const authorities = blocks.map((block) =>
    parseCertificate(Buffer.from(block), `The file ${caFile} named by PRAXIS_TLS_CA_FILE`),
  );
  const newest = authorities.reduce((a, b) => (Date.parse(a.validTo) >= Date.parse(b.validTo) ? a : b));
  refuseOutdated(newest, `The authority's certificate in ${caFile}`, now);
  return pem;
}

function parseCertificate(pem: Buffer, what: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new PraxisError('invalid', `${what} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).`, {
      cause,
    });
  }
}

function parseKey(pem: Buffer, keyFile: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The library's error is left out: it stands beside the key's text.
    throw new PraxisError(
      'invalid',
      `The file ${keyFile} named by PRAXIS_TLS_KEY_FILE holds no private key in PEM form that can be read without a passphrase.`,
    );
  }
}

function refuseOutdated({ validFrom, validTo }: X509Certificate, what: string, now: number): void {
  if (Date.parse(validTo) < now)
    throw new PraxisError('invalid', `${what} expired on ${validTo}; make a new one (docs/security.md).`);
  if (Date.parse(validFrom) > now)
    throw new PraxisError('invalid', `${what} is not valid before ${validFrom}; check this machine's clock.`);
}
