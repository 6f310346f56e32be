import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PraxisError } from '@praxis/core';
import { parse as parseYaml } from 'yaml';
import { SETTING_KEYS, readText } from './setting-keys.js';
import { settingsSchema, type Settings } from './settings.js';

/** Where settings come from: the process's variables and the folder in which `praxis.yaml` may lie. */
export interface SettingSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Variables that are read elsewhere or name the file itself. */
const OTHER_VARIABLES = ['PRAXIS_CONFIG'];

const origins = new WeakMap<Settings, ReadonlyMap<string, 'file' | 'environment'>>();

/**
 * Reads the settings once: defaults, then `praxis.yaml` (or the file named by PRAXIS_CONFIG), then PRAXIS_ variables.
 * Fails with `invalid` where a name is unknown (and says which is meant) or a value does not fit.
 */
export function loadSettings({ env, cwd }: SettingSources): Settings {
  const merged: Record<string, Record<string, unknown>> = {};
  const from = new Map<string, 'file' | 'environment'>();
  const named = env['PRAXIS_CONFIG'] || null;
  for (const [key, value] of readFile(resolve(cwd, named ?? 'praxis.yaml'), named !== null)) {
    put(merged, key, value);
    from.set(key, 'file');
  }
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('PRAXIS_') || OTHER_VARIABLES.includes(variable) || text === undefined || text === '') continue;
    const key = SETTING_KEYS.find((k) => k.variable === variable);
    if (!key) throw unknown(`variable ${variable}`, variable, SETTING_KEYS.map((k) => k.variable));
    put(merged, key.key, readText(key.form, text));
    from.set(key.key, 'environment');
  }
  const parsed = settingsSchema.safeParse(merged);
  if (!parsed.success) throw misfit(parsed.error.issues[0]!);
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
  readonly source: 'default' | 'file' | 'environment';
}

/** The effective settings as rows for people. */
export function describeSettings(settings: Settings): readonly SettingRow[] {
  const groups = settings as unknown as Record<string, Record<string, unknown>>;
  return SETTING_KEYS.map(({ group, name, key, variable, meaning, secret, default: standard }) => ({
    key,
    variable,
    value: hide(show(groups[group]![name])),
    default: show(standard),
    meaning,
    secret: secret === true,
    source: origins.get(settings)?.get(key) ?? 'default',
  }));
}

/** The settings as a page of documentation. */
export function settingsMarkdown(): string {
  const rows = SETTING_KEYS.map((k) => `| \`${k.key}\` | \`${k.variable}\` | ${show(k.default) === '' ? '' : `\`${show(k.default)}\``} | ${k.meaning} |`);
  const head = ['# Settings', '', 'Defaults, then `praxis.yaml`, then variables of the environment; a name that is not listed here is refused.', '', '| key | variable | default | meaning |', '|---|---|---|---|'];
  return [...head, ...rows, ''].join('\n');
}

function show(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'object') return Object.entries(value).map(([k, v]) => `${k}=${String(v)}`).join(',');
  return String(value);
}

/** Hides the passwords of addresses, wherever they stand in a text. */
export function hide(text: string): string {
  // A password may hold @ and : itself; only what ends an address ends it.
  return text.replace(/(:\/\/[^:/@\s]*):[^/\s,]+@/g, '$1:***@').replace(/([?&]password=)[^&\s]+/gi, '$1***');
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
    if (!SETTING_KEYS.some((k) => k.group === group)) throw unknown(`group ${group} in ${path}`, group, SETTING_KEYS.map((k) => k.group));
    if (values !== null && !isGroup(values)) throw shapeless(path);
    for (const [name, value] of Object.entries(values ?? {})) {
      const key = `${group}.${name}`;
      if (!SETTING_KEYS.some((k) => k.key === key)) throw unknown(`setting ${key} in ${path}`, key, SETTING_KEYS.map((k) => k.key));
      yield [key, value];
    }
  }
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shapeless(path: string): PraxisError {
  return new PraxisError('invalid', `${path} must hold groups of settings, such as "log:" with "level: info" below it.`);
}

function parseFile(path: string): unknown {
  try {
    return parseYaml(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new PraxisError('invalid', `${path} is not readable as YAML: ${(cause as Error).message.split('\n')[0]}`, { cause });
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

function misfit(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): PraxisError {
  const key = SETTING_KEYS.find((k) => k.key === issue.path.slice(0, 2).join('.'));
  return new PraxisError('invalid', `The setting ${key?.key ?? issue.path.join('.')} (${key?.variable ?? 'praxis.yaml'}) does not fit: ${issue.message}.`);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object);
  return Object.freeze(value);
}
