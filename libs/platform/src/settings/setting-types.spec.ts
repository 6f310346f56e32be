import { homedir } from 'node:os';
import * as fc from 'fast-check';
import { loadSettings } from './load-settings.js';

const load = (env: Record<string, string>) => loadSettings({ env, cwd: '/nowhere' });
/** What characters a password may hold that mean something in a URL. */
const odd = fc.string({
  unit: fc.constantFrom('#', '/', '?', '%', '@', ':', ' ', '&', '=', '[', ']', '\\', '1', 'a', 'é'),
  minLength: 1,
  maxLength: 8,
});

describe('addresses of databases', () => {
  it.each([
    ['PRAXIS_DATABASE_URL', 'postgres://odd:p@ss:w/o?r#d %41&=@127.0.0.1:5432/db'],
    ['PRAXIS_DATABASE_URL', 'postgres://odd:12/34@127.0.0.1:5432/db'],
    ['PRAXIS_DATABASE_URL', 'postgres://odd:12#34@127.0.0.1:5432/db'],
    ['PRAXIS_DATABASE_URL', 'postgres://odd:12?34@127.0.0.1:5432/db'],
    ['PRAXIS_DATABASE_URL', 'postgres://odd:100%@127.0.0.1:5432/db'],
    ['PRAXIS_REDIS_URL', 'redis://:p/w#d@127.0.0.1:6379'],
    ['PRAXIS_REDIS_URL', 'redis://127.0.0.1:99999'],
    ['PRAXIS_MODEL_URL', 'http://me:p/w@127.0.0.1:8000/v1'],
    ['PRAXIS_TELEMETRY_ENDPOINT', 'http://me:p#w@127.0.0.1:4318'],
    ['PRAXIS_NODES_URLS', 'a=http://me:p#w@127.0.0.1:4318'],
  ])('say how to write an unencoded password, and not what it is: %s=%s', (variable, url) => {
    const refused = expect.objectContaining({ code: 'invalid', message: expect.stringMatching(/%23/) });
    expect(() => load({ [variable]: url })).toThrow(refused);
    expect(() => load({ [variable]: url })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(url.slice(url.indexOf('://') + 3)) }),
    );
  });

  it('take any password that is encoded, and are either read as they were meant or refused', () => {
    fc.assert(
      fc.property(odd, (password) => {
        const url = `postgres://me:${encodeURIComponent(password)}@host.example:5432/db`;
        expect(load({ PRAXIS_DATABASE_URL: url }).database.url).toBe(url);
        let raw: string | null = null;
        try {
          raw = load({ PRAXIS_DATABASE_URL: `postgres://me:${password}@host.example:5432/db` }).database.url;
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid' });
        }
        if (raw !== null) expect(new URL(raw).hostname).toBe('host.example');
      }),
    );
  });

  it.each([
    'postgres:///db?host=/var/run/postgresql',
    'postgresql://host/db?user=me%40there&password=a',
    'postgres://me@%2Fvar%2Frun/db',
    'postgres://me:p@ss@host/db',
  ])('may be %s', (url) => expect(load({ PRAXIS_DATABASE_URL: url }).database.url).toBe(url));
});

describe('sslmode', () => {
  const read = (query: string): string =>
    load({ PRAXIS_DATABASE_URL: `postgres://u:p@host/db?${query}` }).database.url!;

  it('is what the driver makes of it, so that the driver has nothing to warn of', () => {
    expect(read('sslmode=require&a=b')).toMatch(/\?sslmode=verify-full&a=b$/);
    expect(read('sslmode=prefer')).toMatch(/\?sslmode=verify-full$/);
  });

  it.each(['sslmode=no-verify', 'sslmode=disable', 'sslmode=require&uselibpqcompat=true'])(
    'stays what it is otherwise: %s',
    (query) => expect(read(query).endsWith(query)).toBe(true),
  );
});

describe('paths', () => {
  it('begin with the home folder where they begin with ~, since no shell reads an env file', () => {
    expect(load({ PRAXIS_DATA_DIR: '~/px' }).data.dir).toBe(`${homedir()}/px`);
    expect(load({ PRAXIS_SKILLS_FILE: '~/skills.yaml' }).skills.file).toBe(`${homedir()}/skills.yaml`);
    expect(load({ PRAXIS_DATA_DIR: './~' }).data.dir).toBe('./~');
  });

  it('are refused with the home folder of somebody else', () => {
    expect(() => load({ PRAXIS_DATA_DIR: '~root/px' })).toThrow(/write the whole path/);
    expect(() => load({ PRAXIS_API_KEY_FILE: '~root/key' })).toThrow(expect.objectContaining({ code: 'missing' }));
  });
});

describe('addresses to listen at', () => {
  it.each(['PRAXIS_PLANNER_ADDRESS', 'PRAXIS_METRICS_ADDRESS'])('have a port that exists: %s', (variable) =>
    expect(() => load({ [variable]: '127.0.0.1:99999' })).toThrow(/ports end at 65535/),
  );
});
