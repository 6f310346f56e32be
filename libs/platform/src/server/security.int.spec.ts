import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PraxisError } from '@praxis/core';
import { testAuthority, type TestCertificate } from '@praxis/testing';
import { isLoopback, readSecurity } from './security.js';
import type { Settings } from '../settings/settings.js';

const PLAIN: Settings['tls'] = { certFile: null, keyFile: null, caFile: null, clients: 'any' };
const read = (tls: Partial<Settings['tls']>, now?: number) =>
  readSecurity(
    { tls: { ...PLAIN, ...tls }, api: { key: null, keyHashes: [] }, limits: { requestKb: 64, importMb: 1, artifactMb: 1 } },
    now,
  );

function refusal(tls: Partial<Settings['tls']>, now?: number): PraxisError {
  try {
    read(tls, now);
  } catch (thrown) {
    return thrown as PraxisError;
  }
  throw new Error('the settings were accepted');
}

describe('readSecurity', () => {
  it('is plain where nothing is set, and passes on keys and limits', () => {
    const given = {
      tls: PLAIN,
      api: { key: 'k'.repeat(16), keyHashes: ['f'.repeat(64)] },
      limits: { requestKb: 64, importMb: 1, artifactMb: 1 },
    };
    expect(readSecurity(given)).toEqual({
      server: { tls: null, keyHashes: given.api.keyHashes, requestBytes: 65_536 },
      client: { tls: null, key: given.api.key },
    });
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1:50051', '127.9.9.9:1', 'localhost:50051'])('is true of %s', (address) =>
    expect(isLoopback(address)).toBe(true),
  );
  it.each(['0.0.0.0:50051', '10.0.0.1:50051', 'planner:50051', '127.0.0.1.example.org:1', 'localhost.example.org:1'])(
    'is false of %s',
    (address) => expect(isLoopback(address)).toBe(false),
  );
});

const authority = testAuthority();
afterAll(() => authority?.remove());

(authority ? describe : describe.skip)('the files of TLS', () => {
  const caFile = authority?.caFile ?? '';
  let own: TestCertificate;
  let other: TestCertificate;
  beforeAll(() => {
    own = authority!.sign('own', 'DNS:localhost');
    other = authority!.sign('other', 'DNS:localhost');
  });
  const file = (name: string, text: string): string => {
    const path = join(dirname(caFile), name);
    writeFileSync(path, text);
    return path;
  };

  it('make a server that asks for certificates only where that is said', () => {
    expect(read({ ...own, caFile }).server.tls?.clientCa).toBeNull();
    expect(read({ ...own, caFile, clients: 'certified' }).server.tls?.clientCa).toEqual(
      read({ caFile }).client.tls?.ca,
    );
  });

  it('make a client that shows what it has', () => {
    expect(read({ caFile }).client.tls).toMatchObject({ cert: null, key: null });
    expect(read({ ...own, caFile }).client.tls?.cert?.toString()).toContain('BEGIN CERTIFICATE');
    expect(read(own).client.tls).toBeNull();
  });

  it('are named where one is missing', () => {
    expect(refusal({ ...own, certFile: '/nowhere/cert.pem' })).toMatchObject({
      code: 'missing',
      message: expect.stringMatching(/\/nowhere\/cert\.pem named by PRAXIS_TLS_CERT_FILE/),
    });
    expect(refusal({ ...own, keyFile: '/nowhere/key.pem' })).toMatchObject({
      code: 'missing',
      message: expect.stringMatching(/PRAXIS_TLS_KEY_FILE/),
    });
    expect(refusal({ caFile: '/nowhere/ca.pem' })).toMatchObject({
      code: 'missing',
      message: expect.stringMatching(/PRAXIS_TLS_CA_FILE/),
    });
  });

  it('are refused where one lacks the others that it needs', () => {
    expect(refusal({ certFile: own.certFile })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('belong together'),
    });
    expect(refusal({ keyFile: own.keyFile })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('belong together'),
    });
    expect(refusal({ ...own, clients: 'certified' })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('PRAXIS_TLS_CA_FILE'),
    });
    expect(refusal({ caFile, clients: 'certified' })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('PRAXIS_TLS_CERT_FILE'),
    });
  });

  it('are refused where the key is that of another certificate', () => {
    expect(refusal({ certFile: own.certFile, keyFile: other.keyFile })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('does not belong to the certificate'),
    });
  });

  it('are refused where one holds something else, without repeating what', () => {
    const junk = file('junk.pem', '-----BEGIN hunter2-----');
    for (const tls of [
      { ...own, certFile: junk },
      { ...own, keyFile: junk },
      { caFile: junk },
      { ...own, certFile: own.keyFile },
      { ...own, keyFile: own.certFile },
      { caFile: own.keyFile },
    ]) {
      const error = refusal(tls);
      expect(error).toMatchObject({
        code: 'invalid',
        message: expect.stringMatching(/holds no (certificate|private key) in PEM form/),
      });
      expect(error.message).not.toContain('hunter2');
    }
  });

  it('are refused where they have expired, or are of the future', () => {
    const [later, earlier] = [Date.now() + 3 * 86_400_000, Date.now() - 86_400_000];
    expect(refusal(own, later)).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/certificate in .*own\.pem expired on/),
    });
    expect(refusal({ caFile }, later)).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/authority's certificate in .* expired on/),
    });
    expect(refusal(own, earlier)).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/not valid before/),
    });
  });
});
