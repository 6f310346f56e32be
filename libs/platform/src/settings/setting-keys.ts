import { z } from 'zod';
import { settingsSchema, type SettingMeta } from './settings.js';

/** How a variable's text becomes a value. */
export type SettingForm = 'text' | 'number' | 'list' | 'map';

/** One setting as the schema declares it. */
export interface SettingKey extends SettingMeta {
  readonly group: string;
  readonly name: string;
  /** `group.name`, as in the file. */
  readonly key: string;
  /** The environment variable. */
  readonly variable: string;
  readonly form: SettingForm;
  readonly default: unknown;
}

/** Every setting, in the order of the schema. */
export const SETTING_KEYS: readonly SettingKey[] = Object.entries(settingsSchema.shape).flatMap(([group, outer]) => {
  const object = outer.unwrap() as z.ZodObject;
  const defaults = object.parse({}) as Record<string, unknown>;
  return Object.entries(object.shape).map(([name, schema]): SettingKey => {
    const meta = (schema as z.ZodType).meta() as unknown as SettingMeta;
    const words = `${group}_${name.replace(/[A-Z]/g, (c) => `_${c}`)}`.toUpperCase();
    return {
      group,
      name,
      key: `${group}.${name}`,
      variable: `PRAXIS_${words}`,
      form: formOf(defaults[name]),
      default: defaults[name],
      meaning: meta.meaning,
      secret: meta.secret === true,
    };
  });
});

function formOf(value: unknown): SettingForm {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return 'number';
  return typeof value === 'object' && value !== null ? 'map' : 'text';
}

/** A value as a variable would hold it. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([k, v]) => `${k}=${String(v)}`)
      .join(',');
  return String(value);
}

/** Reads a variable's text in the form its setting wants; nonsense is left for the schema to refuse. */
export function readText(form: SettingForm, text: string): unknown {
  switch (form) {
    case 'text':
      return text;
    case 'number':
      return text.trim() === '' ? text : Number(text);
    case 'list':
      return text
        .split(',')
        .map((t) => t.trim())
        .filter((t) => t !== '');
    case 'map':
      return Object.fromEntries(
        text
          .split(',')
          .filter((t) => t.trim() !== '')
          .map((t) => [t.slice(0, t.indexOf('=')).trim(), t.slice(t.indexOf('=') + 1).trim()]),
      );
  }
}
