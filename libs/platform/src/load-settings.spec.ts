import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeSettings, hide, loadSettings, settingsMarkdown } from './load-settings.js';
import { SETTING_KEYS } from './setting-keys.js';

const folders: string[] = [];
afterAll(() => folders.forEach((f) => rmSync(f, { recursive: true, force: true })));

/** A folder with a praxis.yaml of this text. */
function folder(text?: string): string {
  const cwd = mkdtempSync(join(tmpdir(), 'praxis-settings-'));
  folders.push(cwd);
  if (text !== undefined) writeFileSync(join(cwd, 'praxis.yaml'), text);
  return cwd;
}
const load = (env: Record<string, string | undefined> = {}, text?: string) => loadSettings({ env, cwd: folder(text) });
const refusal = (env: Record<string, string | undefined>, text?: string): string => {
  try {
    load(env, text);
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: 'invalid' });
    return (thrown as Error).message;
  }
  throw new Error('the settings were accepted');
};

describe('loadSettings', () => {
  it('needs nothing at all', () => {
    expect(load()).toMatchObject({ data: { dir: '.praxis' }, database: { url: null, poolSize: 10 }, executor: { lanes: ['default'] }, worlds: { remotes: {} } });
    expect(load({}, '')).toEqual(load());
    expect(load({}, 'log:\n')).toEqual(load());
  });

  it('lets a variable win over the file, and the file over the default', () => {
    const text = 'executor:\n  count: 3\n  concurrency: 5\nlog:\n  level: info\n';
    const settings = load({ PRAXIS_EXECUTOR_COUNT: '7', HOME: '/root' }, text);
    expect(settings.executor).toMatchObject({ count: 7, concurrency: 5 });
    expect(settings.log.level).toBe('info');
    const source = (key: string) => describeSettings(settings).find((r) => r.key === key)!.source;
    expect([source('executor.count'), source('executor.concurrency'), source('stop.deadlineMs')]).toEqual(['environment', 'file', 'default']);
  });

  it('reads lists and maps from variables', () => {
    const settings = load({ PRAXIS_EXECUTOR_LANES: 'default, gpu,', PRAXIS_WORLDS_REMOTES: 'lab=127.0.0.1:7000, sim=10.0.0.2:7000' });
    expect(settings.executor.lanes).toEqual(['default', 'gpu']);
    expect(settings.worlds.remotes).toEqual({ lab: '127.0.0.1:7000', sim: '10.0.0.2:7000' });
  });

  it('takes an empty variable for one that is not there', () => {
    expect(load({ PRAXIS_DATABASE_URL: '', PRAXIS_CONFIG: '', PRAXIS_LOG_LEVEL: undefined })).toEqual(load());
  });

  it('reads the file that PRAXIS_CONFIG names, and says so where there is none', () => {
    const elsewhere = join(folder('log:\n  level: error\n'), 'praxis.yaml');
    expect(load({ PRAXIS_CONFIG: elsewhere }, 'log:\n  level: debug\n').log.level).toBe('error');
    expect(() => load({ PRAXIS_CONFIG: '/nowhere/praxis.yaml' })).toThrow(expect.objectContaining({ code: 'missing', message: expect.stringContaining('/nowhere/praxis.yaml') }));
  });

  it('refuses unknown names and says which is meant', () => {
    expect(refusal({ PRAXIS_LOG_LEVL: 'info' })).toMatch(/PRAXIS_LOG_LEVL; did you mean PRAXIS_LOG_LEVEL\?/);
    expect(refusal({}, 'executor:\n  counts: 3\n')).toMatch(/executor\.counts in .*; did you mean executor\.count\?/);
    expect(refusal({}, 'exekutor:\n  count: 3\n')).toMatch(/exekutor in .*; did you mean executor\?/);
  });

  it.each([
    [{ PRAXIS_EXECUTOR_COUNT: 'many' }, /executor\.count \(PRAXIS_EXECUTOR_COUNT\) does not fit/],
    [{ PRAXIS_EXECUTOR_COUNT: '0' }, /executor\.count/],
    [{ PRAXIS_EXECUTOR_COUNT: '1.5' }, /executor\.count/],
    [{ PRAXIS_PLANNER_ADDRESS: 'localhost' }, /planner\.address .* must be host:port/],
    [{ PRAXIS_DATABASE_URL: 'mysql://x' }, /database\.url .* must begin with postgres:\/\//],
    [{ PRAXIS_LOG_LEVEL: 'loud' }, /log\.level/],
    [{ PRAXIS_EXECUTOR_LANES: 'GPU 1' }, /executor\.lanes .*lower-case words/],
  ])('refuses %j and names the setting', (env, message) => expect(refusal(env)).toMatch(message));

  it('names the setting of the file that does not fit', () => {
    expect(refusal({}, 'search:\n  workers: two\n')).toMatch(/search\.workers/);
    expect(refusal({}, 'just words')).toMatch(/must hold groups of settings/);
    expect(refusal({}, 'log: [1')).toMatch(/not readable as YAML/);
  });

  it('never repeats a secret in a refusal', () => {
    expect(refusal({ PRAXIS_DATABASE_URL: 'mysql://me:hunter2@db/x' })).not.toContain('hunter2');
  });

  it('gives settings that nobody can change, however deep', () => {
    const settings = load();
    expect(() => Object.assign(settings, { data: null })).toThrow(TypeError);
    expect(() => Object.assign(settings.log, { level: 'debug' })).toThrow(TypeError);
    expect(() => (settings.executor.lanes as string[]).push('x')).toThrow(TypeError);
  });
});

describe('describeSettings', () => {
  it('has a row for every setting, and shows no password', () => {
    const settings = load({ PRAXIS_DATABASE_URL: 'postgres://me:hunter2@db:5432/x', PRAXIS_REDIS_URL: 'redis://:hunter3@cache' });
    const rows = describeSettings(settings);
    expect(rows.map((r) => r.key)).toEqual(SETTING_KEYS.map((k) => k.key));
    expect(JSON.stringify(rows)).not.toMatch(/hunter/);
    expect(rows.find((r) => r.key === 'database.url')).toMatchObject({ value: 'postgres://me:***@db:5432/x', secret: true, default: '' });
    expect(rows.find((r) => r.key === 'redis.url')!.value).toBe('redis://:***@cache');
  });
});

describe('hide', () => {
  it.each([
    ['postgres://me:p4ss@db/x', 'postgres://me:***@db/x'],
    ['cannot reach redis://:p4ss@cache, nor postgres://a:b@c', 'cannot reach redis://:***@cache, nor postgres://a:***@c'],
    ['postgres://me@db:5432/x', 'postgres://me@db:5432/x'],
    ['127.0.0.1:50051', '127.0.0.1:50051'],
  ])('makes %j safe to show', (text, safe) => expect(hide(text)).toBe(safe));
});

describe('settingsMarkdown', () => {
  it('lists every setting with its variable and meaning', () => {
    const page = settingsMarkdown();
    for (const { key, variable, meaning } of SETTING_KEYS) {
      const line = page.split('\n').find((l) => l.startsWith(`| \`${key}\` |`));
      expect(line).toContain(`| \`${variable}\` |`);
      expect(line).toContain(`| ${meaning} |`);
    }
    expect(page.split('\n').filter((l) => l.startsWith('| `'))).toHaveLength(SETTING_KEYS.length);
  });

  it('stays short enough to be read', () => expect(SETTING_KEYS.length).toBeLessThanOrEqual(60));

  it('gives every setting a meaning of one line and a variable of its own', () => {
    for (const { meaning } of SETTING_KEYS) expect(meaning).toMatch(/^\S[^\n]{10,}\.$/);
    expect(new Set(SETTING_KEYS.map((k) => k.variable)).size).toBe(SETTING_KEYS.length);
  });
});
