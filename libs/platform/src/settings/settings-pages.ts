import { COMPOSE_VARIABLES, NOT_IN_COMPOSE, type ComposeVariable } from './compose-variables.js';
import { SETTING_KEYS, showValue, type SettingKey } from './setting-keys.js';

/** The settings as a page of documentation: docs/settings.md. */
export function settingsMarkdown(): string {
  const rows = SETTING_KEYS.map(
    (k) =>
      `| \`${k.key}\` | \`${k.variable}\` | ${showValue(k.default) === '' ? '' : `\`${showValue(k.default)}\``} | ${k.meaning} |`,
  );
  const secrets = SETTING_KEYS.filter((k) => k.secret).map((k) => `\`${k.variable}_FILE\``);
  const head = [
    '# Settings',
    '',
    'Defaults, then `praxis.yaml`, then variables of the environment; a name that is not listed here is refused.',
    '',
    `Secrets can also be given by file, so that they stand in no environment: ${secrets.join(', ')} name a file whose contents are the value.`,
    '',
    '| key | variable | default | meaning |',
    '|---|---|---|---|',
  ];
  return [...head, ...rows, ''].join('\n');
}

/** The settings as variables, every one commented out: .env.example. */
export function settingsEnv(): string {
  const head = [
    '# Every variable that Praxis and its docker-compose.yml read, with its default; `praxis settings --env` prints this page.',
    '# Copy it to .env and take the # away from what you change. Docker Compose reads .env by itself; a shell does with',
    '#   set -a; . ./.env; set +a',
    '# PRAXIS_CONFIG names a settings file other than ./praxis.yaml.',
    '# Docker Compose hands on every variable of this page but those that are marked; files go into PRAXIS_FILES (docker/files).',
  ];
  const groups = [...new Set(SETTING_KEYS.map((k) => k.group))];
  const settings = groups.flatMap((group) => [
    '',
    `# --- ${group}`,
    ...SETTING_KEYS.filter((k) => k.group === group).flatMap(settingLines),
  ]);
  const compose = ['', '# --- for Docker Compose only', ...COMPOSE_VARIABLES.flatMap(composeLines)];
  return [...head, ...settings, ...compose, ''].join('\n');
}

function settingLines({ meaning, variable, secret, default: standard }: SettingKey): readonly string[] {
  const byFile = secret ? [`# Secret: rather give the path of a file that holds it, as ${variable}_FILE.`] : [];
  const compose = NOT_IN_COMPOSE[variable];
  const note = compose === undefined ? [] : [`# Without effect under Docker Compose: ${compose}.`];
  return [`# ${meaning}`, ...byFile, ...note, `#${variable}=${showValue(standard)}`];
}

function composeLines({ name, meaning, default: standard }: ComposeVariable): readonly string[] {
  return [`# ${meaning}`, `#${name}=${standard}`];
}
