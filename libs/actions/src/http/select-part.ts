import type { Json } from '@praxis/core';

/** The step that stands for every item of a list. */
const EVERY = '[]';

/** The steps of a path: a JSON pointer (`/items/0/id`), or names with dots (`items.0.id`, `items[0].id`, `items[].id`). */
function stepsOf(path: string): readonly string[] {
  if (path === '') return [];
  if (path.startsWith('/'))
    return path
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return path
    .replace(/\[(\d*)\]/g, (_, index: string) => `.${index === '' ? EVERY : index}`)
    .replace(/^\./, '')
    .split('.');
}

/** The part of a value that a path names, of every item after `[]`; undefined where there is none, or one item has none. */
export const selectPart = (value: Json, path: string): Json | undefined => partAt(value, stepsOf(path));

function partAt(value: Json, steps: readonly string[]): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (value === null || typeof value !== 'object') return undefined;
  if (step === EVERY) return Array.isArray(value) ? everyPart(value as readonly Json[], rest) : undefined;
  const part = ownPart(value, step);
  return part === undefined ? undefined : partAt(part, rest);
}

function ownPart(value: object, step: string): Json | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(step) ? (value as readonly Json[])[Number(step)] : undefined;
  return Object.hasOwn(value, step) ? (value as { readonly [key: string]: Json })[step] : undefined;
}

function everyPart(items: readonly Json[], steps: readonly string[]): Json | undefined {
  const parts = items.map((item) => partAt(item, steps));
  return parts.every((part): part is Json => part !== undefined) ? parts : undefined;
}
