import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { COMPOSE_VARIABLES, NOT_IN_COMPOSE } from './compose-variables.js';
import { loadSettings } from './load-settings.js';
import { SETTING_KEYS } from './setting-keys.js';
import { settingsEnv, settingsMarkdown } from './settings-pages.js';

const page = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

describe('settingsMarkdown', () => {
  it('lists every setting with its variable and meaning', () => {
    const lines = settingsMarkdown().split('\n');
    for (const { key, variable, meaning } of SETTING_KEYS) {
      const line = lines.find((l) => l.startsWith(`| \`${key}\` |`));
      expect(line).toContain(`| \`${variable}\` |`);
      expect(line).toContain(`| ${meaning} |`);
    }
    expect(lines.filter((l) => l.startsWith('| `'))).toHaveLength(SETTING_KEYS.length);
  });

  it('is what docs/settings.md says; where it is not: praxis settings --markdown > docs/settings.md', () =>
    expect(page('docs/settings.md')).toBe(settingsMarkdown()));

  it('stays short enough to be read', () => expect(SETTING_KEYS.length).toBeLessThanOrEqual(70));

  it('gives every setting a meaning of one line and a variable of its own', () => {
    for (const { meaning } of SETTING_KEYS) expect(meaning).toMatch(/^\S[^\n]{10,}\.$/);
    expect(new Set(SETTING_KEYS.map((k) => k.variable)).size).toBe(SETTING_KEYS.length);
  });
});

describe('settingsEnv', () => {
  /** Every variable of the page with its value, as if all # before them were taken away. */
  const variables = (): Record<string, string> =>
    Object.fromEntries(
      [...settingsEnv().matchAll(/^#([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
    );

  it('is what .env.example says; where it is not: praxis settings --env > .env.example', () =>
    expect(page('.env.example')).toBe(settingsEnv()));

  it('changes nothing as it stands, and nothing with every # taken away', () => {
    expect(
      settingsEnv()
        .split('\n')
        .filter((l) => l !== '' && !l.startsWith('#')),
    ).toEqual([]);
    expect(loadSettings({ env: variables(), cwd: '/nowhere' })).toEqual(loadSettings({ env: {}, cwd: '/nowhere' }));
  });

  it('names every variable of the settings and of docker-compose.yml once', () => {
    expect(Object.keys(variables())).toEqual([
      ...SETTING_KEYS.map((k) => k.variable),
      ...COMPOSE_VARIABLES.map((v) => v.name),
    ]);
  });

  it('says of each secret how to give it by file', () => {
    expect([...settingsEnv().matchAll(/ as (PRAXIS_\w+_FILE)\./g)].map((m) => m[1])).toEqual([
      'PRAXIS_DATABASE_URL_FILE',
      'PRAXIS_REDIS_URL_FILE',
      'PRAXIS_API_KEY_FILE',
      'PRAXIS_MODEL_KEY_FILE',
    ]);
  });
});

describe('docker-compose.yml', () => {
  const { services } = parse(page('docker-compose.yml'), { merge: true }) as {
    services: Record<string, { build?: unknown; environment?: Record<string, string | null> }>;
  };
  const ours = Object.keys(services).filter((name) => services[name]!.build !== undefined && name !== 'secrets');
  const handsOn = (service: string, variable: string): boolean =>
    Object.hasOwn(services[service]!.environment ?? {}, variable);
  /** Whom a setting concerns: models are asked by planner and executors, all else is for everybody. */
  const concerned = (group: string): readonly string[] =>
    ['model', 'nodes'].includes(group) ? ['planner', 'executor'] : ours;

  it('hands every setting on to the services that it concerns, or says why not', () => {
    expect(ours).toEqual(['migrate', 'planner', 'executor', 'reflector', 'dashboard']);
    const dropped = SETTING_KEYS.filter(({ variable }) => !(variable in NOT_IN_COMPOSE)).flatMap(
      ({ group, variable }) =>
        concerned(group)
          .filter((service) => !handsOn(service, variable))
          .map((service) => `${variable} to ${service}`),
    );
    expect(dropped).toEqual([]);
  });

  it('hands on the files of secrets too', () => {
    const files = SETTING_KEYS.filter(({ secret, variable }) => secret && !(variable in NOT_IN_COMPOSE));
    expect(
      files.flatMap(({ group, variable }) =>
        concerned(group).filter((service) => !handsOn(service, `${variable}_FILE`)),
      ),
    ).toEqual([]);
  });

  it('takes none of the settings from outside that it is said to have no use for', () => {
    for (const variable of Object.keys(NOT_IN_COMPOSE)) {
      expect(SETTING_KEYS.map((k) => k.variable)).toContain(variable);
      for (const service of ours)
        expect(services[service]!.environment?.[variable] ?? 'its own').not.toMatch(
          new RegExp(`^$|\\$\\{?${variable}`),
        );
      expect(page('.env.example')).toContain(
        `# Without effect under Docker Compose: ${NOT_IN_COMPOSE[variable]}.\n#${variable}=`,
      );
    }
  });
});
