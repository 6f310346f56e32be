import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PraxisError } from '@praxis/core';
import { describeSettings, hide, loadSettings, settingsMarkdown } from './load-settings.js';
import { SETTING_KEYS } from './setting-keys.js';

let cwd: string;
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'settings-'))));
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const file = (text: string, name = 'praxis.yaml'): string => {
  writeFileSync(join(cwd, name), text);
  return join(cwd, name);
};
const refusal = (env: Record<string, string> = {}): PraxisError => {
  try {
    loadSettings({ env, cwd });
  } catch (error) {
    return error as PraxisError;
  }
  throw new Error('the settings were accepted');
};

describe('loadSettings', () => {
  it('gives the defaults where nothing is set', () => {
    const settings = loadSettings({ env: { PATH: '/bin' }, cwd });
    expect(settings.database.url).toBeNull();
    expect(settings.planner.address).toBe('127.0.0.1:50051');
    expect(settings.data.dir).toBe('.praxis');
  });

  it('prefers the file to the defaults and the environment to the file', () => {
    file('log:\n  level: info\nexecutor:\n  count: 3\n  lanes: [fast, gpu]\n');
    const settings = loadSettings({ env: { PRAXIS_EXECUTOR_COUNT: '5' }, cwd });
    expect(settings.log.level).toBe('info');
    expect(settings.executor).toMatchObject({ count: 5, lanes: ['fast', 'gpu'], concurrency: 2 });
  });

  it('reads lists and maps from variables', () => {
    const settings = loadSettings({ env: { PRAXIS_EXECUTOR_LANES: 'a, b', PRAXIS_WORLDS_REMOTES: 'lab=10.0.0.1:9, x=h:1' }, cwd });
    expect(settings.executor.lanes).toEqual(['a', 'b']);
    expect(settings.worlds.remotes).toEqual({ lab: '10.0.0.1:9', x: 'h:1' });
  });

  it('takes an empty variable as one that is not set', () => {
    expect(loadSettings({ env: { PRAXIS_REDIS_URL: '', PRAXIS_CONFIG: '' }, cwd }).redis.url).toBeNull();
  });

  it('can be changed by nobody afterwards', () => {
    const settings = loadSettings({ env: {}, cwd });
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.executor.lanes)).toBe(true);
  });

  it('refuses an unknown variable and names the one that was meant', () => {
    const error = refusal({ PRAXIS_DATABSE_URL: 'postgres://h/d' });
    expect(error.code).toBe('invalid');
    expect(error.message).toContain('did you mean PRAXIS_DATABASE_URL');
  });

  it('refuses an unknown key of the file and names the one that was meant', () => {
    file('log:\n  levle: info\n');
    expect(refusal().message).toContain('did you mean log.level');
  });

  it.each(['lgo:\n', 'lgo:\n  level: info\n', 'log: info\n', '- log\n', 'just words\n'])('refuses the file %j, which holds no groups of settings', (text) => {
    file(text);
    expect(refusal()).toMatchObject({ code: 'invalid' });
    expect(refusal().message).toMatch(/praxis\.yaml/);
  });

  it('says which setting does not fit, without repeating its value', () => {
    const error = refusal({ PRAXIS_DATABASE_URL: 'mysql://me:hunter2@h/d' });
    expect(error.message).toContain('PRAXIS_DATABASE_URL');
    expect(error.message).not.toContain('hunter2');
  });

  it('refuses text where a number belongs', () => {
    expect(refusal({ PRAXIS_EXECUTOR_COUNT: 'many' }).message).toContain('executor.count');
  });

  it('fails where the named file is missing or is not YAML', () => {
    expect(refusal({ PRAXIS_CONFIG: join(cwd, 'nowhere.yaml') }).code).toBe('missing');
    expect(refusal({ PRAXIS_CONFIG: file('a: [1\n', 'broken.yaml') }).code).toBe('invalid');
  });

  it('finds a named file beside the working folder', () => {
    file('log:\n  level: debug\n', 'other.yaml');
    expect(loadSettings({ env: { PRAXIS_CONFIG: 'other.yaml' }, cwd }).log.level).toBe('debug');
  });
});

describe('describeSettings', () => {
  it('says where each value comes from and hides passwords', () => {
    file('log:\n  level: info\n');
    const rows = describeSettings(loadSettings({ env: { PRAXIS_DATABASE_URL: 'postgres://me:hunter2@h:5432/d' }, cwd }));
    expect(rows.find((r) => r.key === 'log.level')).toMatchObject({ value: 'info', source: 'file', variable: 'PRAXIS_LOG_LEVEL' });
    expect(rows.find((r) => r.key === 'database.url')).toMatchObject({ value: 'postgres://me:***@h:5432/d', source: 'environment', secret: true });
    expect(rows.find((r) => r.key === 'stop.deadlineMs')).toMatchObject({ source: 'default' });
  });
});

describe('hide', () => {
  it.each([
    ['redis://:pw@h:1', 'redis://:***@h:1'],
    ['postgres://me:p@ss:w@h/d', 'postgres://me:***@h/d'],
    ['postgres://h/d?user=me&password=pw&x=1', 'postgres://h/d?user=me&password=***&x=1'],
    ['a=redis://u:1@h,b=redis://v:2@h', 'a=redis://u:***@h,b=redis://v:***@h'],
    ['http://h:80/a@b', 'http://h:80/a@b'],
  ])('shows %s as %s', (text, shown) => expect(hide(text)).toBe(shown));
});

describe('settingsMarkdown', () => {
  it('has a row with a meaning for every setting, of which there are at most sixty', () => {
    expect(SETTING_KEYS.length).toBeLessThanOrEqual(60);
    for (const key of SETTING_KEYS) {
      expect(key.meaning.length).toBeGreaterThan(10);
      expect(settingsMarkdown()).toContain(`\`${key.variable}\``);
    }
  });
});
