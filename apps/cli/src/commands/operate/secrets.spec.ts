import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSecrets } from './secrets.js';

const ALL = ['postgres_password', 'database_url', 'redis.conf', 'redis_url'];
const folders: string[] = [];
afterAll(() => folders.forEach((f) => rmSync(f, { recursive: true, force: true })));
function folder(files: Readonly<Record<string, string>> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'praxis-secrets-'));
  folders.push(dir);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}
const read = (dir: string, name: string): string => readFileSync(join(dir, name), 'utf8');

describe('makeSecrets', () => {
  it('makes files that fit each other, which containers may read, nobody may write and git does not see', () => {
    const dir = join(folder(), 'deep', 'secrets');
    expect(makeSecrets(dir)).toEqual({ made: ALL, kept: [] });
    const password = read(dir, 'postgres_password').trim();
    expect(password).toMatch(/^[0-9a-f]{48}$/);
    expect(read(dir, 'database_url')).toBe(`postgres://praxis:${password}@postgres:5432/praxis\n`);
    const [, redis] = /^requirepass (\S{48})\n$/.exec(read(dir, 'redis.conf'))!;
    expect(read(dir, 'redis_url')).toBe(`redis://:${redis}@redis:6379\n`);
    expect(redis).not.toBe(password);
    expect(ALL.map((name) => statSync(join(dir, name)).mode & 0o777)).toEqual([0o444, 0o444, 0o444, 0o444]);
    expect(statSync(dir).mode & 0o777).toBe(0o755);
    expect(read(dir, '.gitignore')).toBe('*\n');
  });

  it('never changes what is there, however often it is asked', () => {
    const dir = folder();
    makeSecrets(dir);
    const before = readdirSync(dir).map((name) => read(dir, name));
    expect(makeSecrets(dir)).toEqual({ made: [], kept: ALL });
    expect(readdirSync(dir).map((name) => read(dir, name))).toEqual(before);
  });

  it('leaves addresses of a database and a Redis elsewhere alone', () => {
    const own = {
      postgres_password: 'unused',
      database_url: 'postgres:///praxis',
      'redis.conf': '# none',
      redis_url: 'redis://cache',
    };
    expect(makeSecrets(folder(own))).toEqual({ made: [], kept: ALL });
  });

  it.each([
    ['postgres_password', 'mine\n', 'database_url', 'postgres://praxis:mine@postgres:5432/praxis\n'],
    ['database_url', 'postgres://praxis:mine@postgres:5432/praxis', 'postgres_password', 'mine\n'],
    ['redis.conf', 'appendonly yes\nrequirepass mine\n', 'redis_url', 'redis://:mine@redis:6379\n'],
    ['redis_url', 'redis://:mine@redis:6379\n', 'redis.conf', 'requirepass mine\n'],
  ])('takes the password that %s holds for the file that is missing', (name, text, other, expected) => {
    const dir = folder({ [name]: text });
    expect(makeSecrets(dir).kept).toEqual([name]);
    expect([read(dir, name), read(dir, other)]).toEqual([text, expected]);
  });

  it('says so where a file holds no password that it could find, and repeats nothing of it', () => {
    const dir = folder({ redis_url: 'hunter2' });
    expect(() => makeSecrets(dir)).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringMatching(/no password in .*redis_url/) }),
    );
    expect(() => makeSecrets(dir)).not.toThrow('hunter2');
  });

  it('says so where it may not write', () => {
    const dir = folder({ file: '' });
    chmodSync(join(dir, 'file'), 0o444);
    expect(() => makeSecrets(join(dir, 'file', 'secrets'))).toThrow(
      expect.objectContaining({ code: 'denied', message: expect.stringMatching(/choose a folder that is yours/) }),
    );
  });
});
