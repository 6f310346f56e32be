import type { Json, Output, Outputs } from '@praxis/core';

/** Values by name, as templates and expressions see them. */
export type Scope = Readonly<Record<string, Json>>;

const seen = new WeakMap<Output, Json>();

/** The values of outputs by name, of these names where they are given. */
export function scopeOf(outputs: Outputs, names: readonly string[] = Object.keys(outputs)): Scope {
  const known = names.filter((name) => Object.hasOwn(outputs, name));
  return Object.fromEntries(known.map((name) => [name, shownValue(outputs[name]!)]));
}

/**
 * An output's value, whose files are in reach under `artifacts` where it has no field of that name. The field is
 * hidden: it is found by its name, and is no part of the value when this is listed, compared or written out.
 */
function shownValue(output: Output): Json {
  const { value, artifacts } = output;
  if (artifacts.length === 0 || value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  if (Object.hasOwn(value, 'artifacts')) return value;
  const known = seen.get(output);
  if (known !== undefined) return known;
  const shown = Object.defineProperty({ ...value }, 'artifacts', { value: artifacts, enumerable: false }) as Json;
  seen.set(output, shown);
  return shown;
}
