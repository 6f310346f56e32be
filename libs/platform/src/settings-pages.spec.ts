import { readFileSync } from 'node:fs';
import { COMPOSE_VARIABLES } from './compose-variables.js';
import { loadSettings } from './load-settings.js';
import { SETTING_KEYS } from './setting-keys.js';
import { settingsEnv, settingsMarkdown } from './settings-pages.js';

const page = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

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

  it('is what docs/settings.md says; where it is not: praxis settings --markdown > docs/settings.md', () => expect(page('docs/settings.md')).toBe(settingsMarkdown()));

  it('stays short enough to be read', () => expect(SETTING_KEYS.length).toBeLessThanOrEqual(60));

  it('gives every setting a meaning of one line and a variable of its own', () => {
    for (const { meaning } of SETTING_KEYS) expect(meaning).toMatch(/^\S[^\n]{10,}\.$/);
    expect(new Set(SETTING_KEYS.map((k) => k.variable)).size).toBe(SETTING_KEYS.length);
  });
});

describe('settingsEnv', () => {
  /** Every variable of the page with its value, as if all # before them were taken away. */
  const variables = (): Record<string, string> => Object.fromEntries([...settingsEnv().matchAll(/^#([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [name!, value!]));

  it('is what .env.example says; where it is not: praxis settings --env > .env.example', () => expect(page('.env.example')).toBe(settingsEnv()));

  it('changes nothing as it stands, and nothing with every # taken away', () => {
    expect(settingsEnv().split('\n').filter((l) => l !== '' && !l.startsWith('#'))).toEqual([]);
    expect(loadSettings({ env: variables(), cwd: '/nowhere' })).toEqual(loadSettings({ env: {}, cwd: '/nowhere' }));
  });

  it('names every variable of the settings and of docker-compose.yml once', () => {
    expect(Object.keys(variables())).toEqual([...SETTING_KEYS.map((k) => k.variable), ...COMPOSE_VARIABLES.map((v) => v.name)]);
  });

  it('says of each secret how to give it by file', () => {
    expect([...settingsEnv().matchAll(/ as (PRAXIS_\w+_FILE)\./g)].map((m) => m[1])).toEqual(['PRAXIS_DATABASE_URL_FILE', 'PRAXIS_REDIS_URL_FILE', 'PRAXIS_API_KEY_FILE', 'PRAXIS_MODEL_KEY_FILE']);
  });
});
