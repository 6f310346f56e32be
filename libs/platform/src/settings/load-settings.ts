import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PraxisError } from '@praxis/core';
import { parse as parseYaml } from 'yaml';
import { COMPOSE_VARIABLES } from './compose-variables.js';
import { readSecret } from './secret-file.js';
import { SETTING_KEYS, readText, showValue } from './setting-keys.js';
import { expandHome } from './setting-types.js';
import { settingsSchema, type Settings } from './settings.js';

/** Where settings come from: the process's variables and the folder in which `praxis.yaml` may lie. */
export interface SettingSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * Where a value comes from: `file` is praxis.yaml, `secret file` the one that a variable such as PRAXIS_API_KEY_FILE
 * names.
 */
export type SettingSource = 'default' | 'file' | 'environment' | 'secret file';

/** Variables that name the file itself, or are read elsewhere. */
const OTHER_VARIABLES = ['PRAXIS_CONFIG', 'PRAXIS_FAULTS', 'PRAXIS_GGUF', ...COMPOSE_VARIABLES.map((v) => v.name)];

/** Other names of settings: what OpenTelemetry calls one, and a short one; the regular name wins. */
const FOREIGN_VARIABLES: Readonly<Record<string, string>> = {
  OTEL_EXPORTER_OTLP_ENDPOINT: 'telemetry.endpoint',
  PRAXIS_GGUF: 'model.gguf',
};

const origins = new WeakMap<Settings, ReadonlyMap<string, SettingSource>>();

/**
 * Reads the settings once: defaults, then `praxis.yaml` (or the file named by PRAXIS_CONFIG), then PRAXIS_ variables,
 * which for secrets may name a file instead. Fails with `invalid` where a name is unknown (and says which is meant) or
 * a value does not fit.
 */
export function loadSettings({ env, cwd }: SettingSources): Settings {
  const merged: Record<string, Record<string, unknown>> = {};
  const from = new Map<string, SettingSource>();
  const named = env['PRAXIS_CONFIG'] || null;
  for (const [key, value] of readFile(resolve(cwd, named ?? 'praxis.yaml'), named !== null)) {
    put(merged, key, value);
    from.set(key, 'file');
  }
  for (const [key, value, source] of readVariables({ env, cwd })) {
    put(merged, key, value);
    from.set(key, source);
  }
  const parsed = settingsSchema.safeParse(merged);
  if (!parsed.success) throw validationError(parsed.error.issues[0]!, env);
  const settings = deepFreeze(parsed.data);
  origins.set(settings, from);
  return settings;
}

/** One row of `praxis doctor`. */
export interface SettingRow {
  readonly key: string;
  readonly variable: string;
  /** Secrets are hidden, also passwords inside addresses. */
  readonly value: string;
  readonly default: string;
  readonly meaning: string;
  readonly secret: boolean;
  readonly source: SettingSource;
}

/** The effective settings as rows for people. */
export function describeSettings(settings: Settings): readonly SettingRow[] {
  const groups = settings as unknown as Record<string, Record<string, unknown>>;
  return SETTING_KEYS.map(({ group, name, key, variable, meaning, secret, default: standard }) => ({
    key,
    variable,
    value: showSafely(showValue(groups[group]![name]), secret === true),
    default: showValue(standard),
    meaning,
    secret: secret === true,
    source: origins.get(settings)?.get(key) ?? 'default',
  }));
}

/** Of a secret address everything but its password is shown, of any other secret nothing. */
function showSafely(text: string, isSecret: boolean): string {
  return !isSecret || text === '' || /^\w+:\/\//.test(text) ? hide(text) : '***';
}

/**
 * Hides the passwords of addresses, keys as `praxis key` makes them and bearer headers, wherever they stand in a text.
 */
export function hide(text: string): string {
  // A password may hold @ and : itself; only what ends an address ends it.
  return text
    .replace(/(:\/\/[^:/@\s]*):[^/\s,]+@/g, '$1:***@')
    .replace(/([?&]password=)[^&\s]+/gi, '$1***')
    .replace(/\bpraxis_[\w-]{32,}|(\bbearer\s+)\S+/gi, '$1***');
}

function* readVariables({ env, cwd }: SettingSources): Iterable<readonly [string, unknown, SettingSource]> {
  for (const [variable, key] of Object.entries(FOREIGN_VARIABLES))
    if (env[variable]) yield [key, env[variable], 'environment'];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('PRAXIS_') || OTHER_VARIABLES.includes(variable) || text === undefined || text === '')
      continue;
    const key = SETTING_KEYS.find((k) => k.variable === variable);
    const secret = SETTING_KEYS.find((k) => k.secret && `${k.variable}_FILE` === variable);
    if (key) yield [key.key, readText(key.form, text), 'environment'];
    else if (secret && env[secret.variable])
      throw new PraxisError('invalid', `${secret.variable} and ${variable} are both set; keep one of them.`);
    else if (secret) yield [secret.key, readSecret(variable, resolve(cwd, expandHome(text))), 'secret file'];
    else
      throw unknown(
        `variable ${variable}`,
        variable,
        SETTING_KEYS.map((k) => k.variable),
      );
  }
}

function* readFile(path: string, named: boolean): Iterable<readonly [string, unknown]> {
  if (!existsSync(path)) {
    if (named) throw new PraxisError('missing', `The settings file ${path} named by PRAXIS_CONFIG does not exist.`);
    return;
  }
  const groups: unknown = parseFile(path);
  if (groups === null) return;
  if (!isGroup(groups)) throw shapeless(path);
  for (const [group, values] of Object.entries(groups)) {
    if (!SETTING_KEYS.some((k) => k.group === group))
      throw unknown(
        `group ${group} in ${path}`,
        group,
        SETTING_KEYS.map((k) => k.group),
      );
    if (values !== null && !isGroup(values)) throw shapeless(path);
    for (const [name, value] of Object.entries(values ?? {})) {
      const key = `${group}.${name}`;
      if (!SETTING_KEYS.some((k) => k.key === key))
        throw unknown(
          `setting ${key} in ${path}`,
          key,
          SETTING_KEYS.map((k) => k.key),
        );
      yield [key, value];
    }
  }
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shapeless(path: string): PraxisError {
  return new PraxisError(
    'invalid',
    `${path} must hold groups of settings, such as "log:" with "level: info" below it.`,
  );
}

function parseFile(path: string): unknown {
  try {
    return parseYaml(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new PraxisError('invalid', `${path} is not readable as YAML: ${(cause as Error).message.split('\n')[0]}`, {
      cause,
    });
  }
}

function put(merged: Record<string, Record<string, unknown>>, key: string, value: unknown): void {
  const [group, name] = key.split('.') as [string, string];
  (merged[group] ??= {})[name] = value;
}

function unknown(what: string, name: string, known: readonly string[]): PraxisError {
  const nearest = [...known].sort((a, b) => distance(name, a) - distance(name, b))[0]!;
  return new PraxisError('invalid', `Unknown ${what}; did you mean ${nearest}? \`praxis settings\` lists them all.`);
}

function validationError(
  issue: { readonly path: readonly PropertyKey[]; readonly message: string },
  env: SettingSources['env'],
): PraxisError {
  const key = SETTING_KEYS.find((k) => k.key === issue.path.slice(0, 2).join('.'));
  const foreign = Object.keys(FOREIGN_VARIABLES).find(
    (v) => FOREIGN_VARIABLES[v] === key?.key && env[v] && !env[key!.variable],
  );
  return new PraxisError(
    'invalid',
    `The setting ${key?.key ?? issue.path.join('.')} (${foreign ?? key?.variable ?? 'praxis.yaml'}) does not fit: ${issue.message}.`,
  );
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object);
  return Object.freeze(value);
}
