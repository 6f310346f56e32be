import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import {
  stopTestPostgres,
  testAuthority,
  testDatabase,
  type TestCertificate,
  type TestDatabase,
} from '@praxis/testing';
import { checkDatabase } from './check-database.js';
import { freePort } from '../server/ports.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database?.drop();
  await stopTestPostgres();
});

const changed = (change: (url: URL) => void): string => {
  const url = new URL(database.url);
  change(url);
  return url.toString();
};

/**
 * A server that speaks TLS as a Postgres does, with a certificate of an authority that nobody knows; that is all it
 * does.
 */
async function selfSigned({ certFile, keyFile }: TestCertificate): Promise<{ readonly port: number; stop(): void }> {
  const [cert, key] = [readFileSync(certFile), readFileSync(keyFile)];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('S');
      new TLSSocket(socket, { isServer: true, cert, key }).on('error', () => undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, stop: () => server.close() };
}

describe('checkDatabase', () => {
  it.each(['require', 'prefer', 'verify-full'])(
    'says that the certificate is not trusted, and both remedies (sslmode=%s)',
    async (mode) => {
      const authority = testAuthority();
      if (authority === null) return;
      const server = await selfSigned(authority.sign('localhost', 'DNS:localhost', 'IP:127.0.0.1'));
      const check = checkDatabase(`postgres://u:p@127.0.0.1:${server.port}/d?sslmode=${mode}`);
      await expect(check).rejects.toMatchObject({
        code: 'denied',
        message: expect.stringMatching(/not trusted.*sslrootcert=FILE.*sslmode=no-verify/),
      });
      server.stop();
      authority.remove();
    },
  );

  it('says that the file of the authority is not there', async () => {
    await expect(checkDatabase(changed((u) => (u.search = '?sslrootcert=/nowhere/ca.pem')))).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('/nowhere/ca.pem'),
    });
  });

  it('says that the server speaks no TLS', async () => {
    await expect(checkDatabase(changed((u) => (u.search = '?sslmode=verify-full')))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('speaks no TLS'),
    });
  });

  it('says which version it found', async () => {
    expect((await checkDatabase(database.url)).version).toMatch(/^\d+\.\d+/);
  });

  it('says that the password is wrong, without saying the password', async () => {
    const check = checkDatabase(changed((u) => (u.password = 'hunter2')));
    await expect(check).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/refuses the user or the password; check PRAXIS_DATABASE_URL/),
    });
    await expect(check).rejects.toMatchObject({ message: expect.not.stringContaining('hunter2') });
  });

  it('says that the database is not there', async () => {
    await expect(checkDatabase(changed((u) => (u.pathname = '/nowhere')))).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('create it first'),
    });
  });

  it('says that nobody answers', async () => {
    const port = await freePort();
    await expect(checkDatabase(changed((u) => (u.port = String(port))))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('unset PRAXIS_DATABASE_URL'),
    });
  });
});
