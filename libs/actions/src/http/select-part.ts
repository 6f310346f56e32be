import type { Json } from '@praxis/core';

/** The steps of a path: a JSON pointer (`/items/0/id`), or names with dots (`items.0.id`, `items[0].id`). */
function stepsOf(path: string): readonly string[] {
  if (path === '') return [];
  if (path.startsWith('/'))
    return path
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return path
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/^\./, '')
    .split('.');
}

/** The part of a value that a path names; undefined where there is none. */
export function selectPart(value: Json, path: string): Json | undefined {
  let part: Json | undefined = value;
  for (const step of stepsOf(path)) {
    if (part === null || typeof part !== 'object') return undefined;
    if (Array.isArray(part)) part = /^\d+$/.test(step) ? (part[Number(step)] as Json | undefined) : undefined;
    else part = Object.hasOwn(part, step) ? (part as { readonly [key: string]: Json })[step] : undefined;
  }
  return part;
}
