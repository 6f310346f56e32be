import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { checkDatabase } from './check-database.js';
import { freePort } from './ports.js';

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

describe('checkDatabase', () => {
  it('says which version it found', async () => {
    expect((await checkDatabase(database.url)).version).toMatch(/^\d+\.\d+/);
  });

  it('says that the password is wrong, without saying the password', async () => {
    const check = checkDatabase(changed((u) => (u.password = 'hunter2')));
    await expect(check).rejects.toMatchObject({ code: 'denied', message: expect.stringMatching(/refuses the user or the password; check PRAXIS_DATABASE_URL/) });
    await expect(check).rejects.toMatchObject({ message: expect.not.stringContaining('hunter2') });
  });

  it('says that the database is not there', async () => {
    await expect(checkDatabase(changed((u) => (u.pathname = '/nowhere')))).rejects.toMatchObject({ code: 'missing', message: expect.stringContaining('create it first') });
  });

  it('says that nobody answers', async () => {
    const port = await freePort();
    await expect(checkDatabase(changed((u) => (u.port = String(port))))).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('unset PRAXIS_DATABASE_URL') });
  });
});
