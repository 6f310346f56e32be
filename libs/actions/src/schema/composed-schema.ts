import type { Json, JsonSchema } from '@praxis/core';

/** Whether a value is an object, such as a schema that is not just true or false. */
export const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The schema that a reference such as `#/$defs/Order` leads to; undefined where it leads nowhere. */
function referred(root: JsonSchema, { $ref }: JsonSchema): JsonSchema | undefined {
  if (typeof $ref !== 'string' || !$ref.startsWith('#')) return undefined;
  const steps = $ref.slice(1).split('/').slice(1);
  const found = steps.reduce<Json | undefined>((at, step) => {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    return isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }, root);
  return isObject(found) ? found : undefined;
}

/** Which parts of a schema are looked at: those that a value must fit all, or those besides of which it fits some. */
export type Reach = 'all' | 'any';

/**
 * A schema and those that it is composed of: what it refers to, its `allOf` and, where `any` are wanted, its
 * alternatives. Each is there once, also where they refer to each other in a circle.
 */
export function partsOf(root: JsonSchema, reach: Reach, schema: JsonSchema = root): readonly JsonSchema[] {
  const parts = new Set<JsonSchema>();
  const visit = (part: Json | undefined): void => {
    if (!isObject(part) || parts.has(part)) return;
    parts.add(part);
    visit(referred(root, part));
    const { allOf, anyOf, oneOf, then, else: otherwise } = part;
    const some = reach === 'any' ? [anyOf, oneOf, then, otherwise] : [];
    for (const inner of [allOf, ...some].flat()) visit(inner as Json | undefined);
  };
  visit(schema);
  return [...parts];
}
