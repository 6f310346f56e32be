import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPOSE_VARIABLES } from './compose-variables.js';
import { describeSettings, hide, loadSettings } from './load-settings.js';
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
    expect(load()).toMatchObject({
      data: { dir: '.praxis' },
      database: { url: null, poolSize: 10 },
      executor: { lanes: ['default'] },
      worlds: { remotes: {} },
    });
    expect(load({}, '')).toEqual(load());
    expect(load({}, 'log:\n')).toEqual(load());
  });

  it('lets a variable win over the file, and the file over the default', () => {
    const text = 'executor:\n  count: 3\n  concurrency: 5\nlog:\n  level: info\n';
    const settings = load({ PRAXIS_EXECUTOR_COUNT: '7', HOME: '/root' }, text);
    expect(settings.executor).toMatchObject({ count: 7, concurrency: 5 });
    expect(settings.log.level).toBe('info');
    const source = (key: string) => describeSettings(settings).find((r) => r.key === key)!.source;
    expect([source('executor.count'), source('executor.concurrency'), source('stop.deadlineMs')]).toEqual([
      'environment',
      'file',
      'default',
    ]);
  });

  it('reads lists and maps from variables', () => {
    const settings = load({
      PRAXIS_EXECUTOR_LANES: 'default, gpu,',
      PRAXIS_WORLDS_REMOTES: 'lab=127.0.0.1:7000, sim=10.0.0.2:7000',
    });
    expect(settings.executor.lanes).toEqual(['default', 'gpu']);
    expect(settings.worlds.remotes).toEqual({ lab: '127.0.0.1:7000', sim: '10.0.0.2:7000' });
  });

  it('takes an empty variable for one that is not there', () => {
    expect(load({ PRAXIS_DATABASE_URL: '', PRAXIS_CONFIG: '', PRAXIS_LOG_LEVEL: undefined })).toEqual(load());
  });

  it('reads the file that PRAXIS_CONFIG names, and says so where there is none', () => {
    const elsewhere = join(folder('log:\n  level: error\n'), 'praxis.yaml');
    expect(load({ PRAXIS_CONFIG: elsewhere }, 'log:\n  level: debug\n').log.level).toBe('error');
    expect(() => load({ PRAXIS_CONFIG: '/nowhere/praxis.yaml' })).toThrow(
      expect.objectContaining({ code: 'missing', message: expect.stringContaining('/nowhere/praxis.yaml') }),
    );
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

  it.each(COMPOSE_VARIABLES.map((v) => v.name))('leaves %s to Docker Compose', (name) =>
    expect(load({ [name]: 'something' })).toEqual(load()),
  );

  it('takes the collector that OpenTelemetry names, unless our own variable names another', () => {
    const theirs = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
    expect(load(theirs).telemetry.endpoint).toBe('http://collector:4318');
    expect(load(theirs, 'telemetry:\n  endpoint: http://file:4318\n').telemetry.endpoint).toBe('http://collector:4318');
    expect(load({ ...theirs, PRAXIS_TELEMETRY_ENDPOINT: 'http://ours:4318' }).telemetry.endpoint).toBe(
      'http://ours:4318',
    );
    expect(refusal({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' })).toMatch(
      /telemetry\.endpoint \(OTEL_EXPORTER_OTLP_ENDPOINT\) does not fit/,
    );
  });

  it('takes the short name of the model inside the process, unless the regular one names another', () => {
    expect(load({ PRAXIS_GGUF: 'm.gguf' }).model.gguf).toBe('m.gguf');
    expect(load({ PRAXIS_GGUF: 'm.gguf', PRAXIS_MODEL_GGUF: 'n.gguf' }).model.gguf).toBe('n.gguf');
  });

  it('gives settings that nobody can change, however deep', () => {
    const settings = load();
    expect(() => Object.assign(settings, { data: null })).toThrow(TypeError);
    expect(() => Object.assign(settings.log, { level: 'debug' })).toThrow(TypeError);
    expect(() => (settings.executor.lanes as string[]).push('x')).toThrow(TypeError);
  });
});

describe('a secret by file', () => {
  const KEY = 'a-key-of-sixteen-letters-or-more';
  const file = (text: string): string => {
    const path = join(folder(), 'secret');
    writeFileSync(path, text);
    return path;
  };
  const failure = (env: Record<string, string>): { readonly code: string; readonly message: string } => {
    try {
      load(env);
    } catch (thrown) {
      return thrown as { code: string; message: string };
    }
    throw new Error('the settings were accepted');
  };

  it('is read without the line break that editors leave behind it', () => {
    const settings = load({
      PRAXIS_API_KEY_FILE: file(`${KEY}\n`),
      PRAXIS_DATABASE_URL_FILE: file('  postgres://me:hunter2@db/x\n\n'),
      PRAXIS_REDIS_URL_FILE: file('redis://:hunter3@cache'),
    });
    expect([settings.api.key, settings.database.url, settings.redis.url]).toEqual([
      KEY,
      'postgres://me:hunter2@db/x',
      'redis://:hunter3@cache',
    ]);
    expect(
      describeSettings(settings)
        .filter((r) => r.source === 'secret file')
        .map((r) => r.key),
    ).toEqual(['database.url', 'redis.url', 'api.key']);
  });

  it('wins over the file of settings, and is found from the folder in which the command runs', () => {
    const cwd = folder('api:\n  key: the-key-of-the-yaml-file\n');
    writeFileSync(join(cwd, 'key'), KEY);
    expect(loadSettings({ env: { PRAXIS_API_KEY_FILE: 'key' }, cwd }).api.key).toBe(KEY);
  });

  it('is refused beside the secret itself, where nobody could tell which counts', () => {
    expect(failure({ PRAXIS_API_KEY: KEY, PRAXIS_API_KEY_FILE: file(KEY) })).toMatchObject({
      code: 'invalid',
      message: 'PRAXIS_API_KEY and PRAXIS_API_KEY_FILE are both set; keep one of them.',
    });
  });

  it('says which file is missing, empty or none', () => {
    expect(failure({ PRAXIS_API_KEY_FILE: '/nowhere/key' })).toMatchObject({
      code: 'missing',
      message: expect.stringMatching(/\/nowhere\/key named by PRAXIS_API_KEY_FILE/),
    });
    expect(failure({ PRAXIS_API_KEY_FILE: file(' \n') })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('is empty'),
    });
    expect(failure({ PRAXIS_API_KEY_FILE: folder() })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('EISDIR'),
    });
  });

  it('is not repeated where it does not fit', () => {
    expect(failure({ PRAXIS_API_KEY_FILE: file('hunter2') }).message).toMatch(
      /^The setting api\.key \(PRAXIS_API_KEY\) does not fit/,
    );
    expect(failure({ PRAXIS_API_KEY_FILE: file('hunter2') }).message).not.toContain('hunter2');
  });

  it('is there for secrets only', () =>
    expect(failure({ PRAXIS_LOG_LEVEL_FILE: file('info') }).message).toMatch(/Unknown variable PRAXIS_LOG_LEVEL_FILE/));
});

describe('describeSettings', () => {
  it('shows of a key only whether there is one', () => {
    const value = (env: Record<string, string>): string =>
      describeSettings(load(env)).find((r) => r.key === 'api.key')!.value;
    expect(value({ PRAXIS_API_KEY: 'a-key-of-sixteen-letters-or-more' })).toBe('***');
    expect(value({})).toBe('');
  });

  it('has a row for every setting, and shows no password', () => {
    const settings = load({
      PRAXIS_DATABASE_URL: 'postgres://me:hunter2@db:5432/x',
      PRAXIS_REDIS_URL: 'redis://:hunter3@cache',
    });
    const rows = describeSettings(settings);
    expect(rows.map((r) => r.key)).toEqual(SETTING_KEYS.map((k) => k.key));
    expect(JSON.stringify(rows)).not.toMatch(/hunter/);
    expect(rows.find((r) => r.key === 'database.url')).toMatchObject({
      value: 'postgres://me:***@db:5432/x',
      secret: true,
      default: '',
    });
    expect(rows.find((r) => r.key === 'redis.url')!.value).toBe('redis://:***@cache');
  });
});

describe('hide', () => {
  it.each([
    ['postgres://me:p4ss@db/x', 'postgres://me:***@db/x'],
    [
      'cannot reach redis://:p4ss@cache, nor postgres://a:b@c',
      'cannot reach redis://:***@cache, nor postgres://a:***@c',
    ],
    ['shown was praxis_vd1DjhXQhVTCz8TRWy9FoX_xxsvD3gRcUyW4gURl04k, twice', 'shown was ***, twice'],
    ['authorization: Bearer something-of-mine', 'authorization: Bearer ***'],
    ['the image praxis_planner of praxis_default', 'the image praxis_planner of praxis_default'],
    ['postgres://me@db:5432/x', 'postgres://me@db:5432/x'],
    ['127.0.0.1:50051', '127.0.0.1:50051'],
  ])('makes %j safe to show', (text, safe) => expect(hide(text)).toBe(safe));
});
