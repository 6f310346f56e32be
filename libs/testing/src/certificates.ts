import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as files (PEM). */
export interface TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** An authority of a test's own, and what it signed. */
export interface TestAuthority {
  readonly caFile: string;
  /** Signs a certificate for names such as `DNS:localhost` and `IP:127.0.0.1`. */
  sign(name: string, ...altNames: string[]): TestCertificate;
  remove(): void;
}

/** Makes an authority, valid for a day; null, with a plain message, where the machine has no openssl. */
export function testAuthority(): TestAuthority | null {
  if (spawnSync('openssl', ['version']).status !== 0) {
    process.stderr.write('openssl is not installed: the tests of certificates are skipped\n');
    return null;
  }
  const dir = mkdtempSync(join(tmpdir(), 'praxis-ca-'));
  const at = (file: string): string => join(dir, file);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...fresh,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-days',
    '1',
    '-subj',
    '/CN=an authority for tests',
  );
  return {
    caFile: at('ca.pem'),
    sign: (name, ...altNames) => {
      writeFileSync(
        at(`${name}.ext`),
        `subjectAltName=${altNames.join(',')}\nextendedKeyUsage=serverAuth,clientAuth\n`,
      );
      openssl('req', ...fresh, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', `/CN=${name}`);
      openssl(
        'x509',
        '-req',
        '-in',
        at(`${name}.csr`),
        '-CA',
        at('ca.pem'),
        '-CAkey',
        at('ca.key'),
        '-CAcreateserial',
        '-days',
        '1',
        '-extfile',
        at(`${name}.ext`),
        '-out',
        at(`${name}.pem`),
      );
      return { certFile: at(`${name}.pem`), keyFile: at(`${name}.key`) };
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
