import { isArtifactRef, nearestName, type Json, type Output, type Outputs } from '@praxis/core';

/** A reference as it was parsed: `$links.urls[0]` has the name `links` and the path `urls`, 0. */
export interface Reference {
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/** What a reference leads to, or why it leads nowhere. */
export type Found = { readonly value: Json } | { readonly missing: string };

const WHOLE = /^\$([A-Za-z_][\w-]*)((?:\.[A-Za-z0-9_][\w-]*|\[\d+\]|\["[^"\]]*"\]|\['[^'\]]*'\])*)$/;
const PART = /\.([A-Za-z0-9_][\w-]*)|\[(\d+)\]|\["([^"\]]*)"\]|\['([^'\]]*)'\]/g;

/** Parses a text that is a reference and nothing else; null where it is any other text. */
export function parseReference(text: string): Reference | null {
  const found = WHOLE.exec(text);
  if (!found) return null;
  const path = [...found[2]!.matchAll(PART)].map(([, name, index, double, single]) =>
    index === undefined ? (name ?? double ?? single)! : Number(index),
  );
  return { name: found[1]!, path };
}

/** A reference as a person writes it, up to a part of its path. */
export const referenceText = ({ name, path }: Reference, parts = path.length): string =>
  path.slice(0, parts).reduce<string>((text, part) => text + partText(part), name);

const partText = (part: string | number): string => {
  if (typeof part === 'number') return `[${part}]`;
  return /^[A-Za-z0-9_][\w-]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
};

/** Looks a reference up: the value of the output, or a part of it. */
export function lookUp(outputs: Outputs, reference: Reference): Found {
  const { name, path } = reference;
  const output = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (output === undefined) return { missing: unknownName(name, Object.keys(outputs)) };
  let value = output.value;
  for (const [at, part] of path.entries()) {
    const next = partOf(value, part, at === 0 ? output : null);
    if (next === undefined) return { missing: whyMissing(reference, at, value) };
    value = next;
  }
  return { value };
}

/** Why a name is unknown, with the nearest one there is. */
export function unknownName(name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  if (near !== null) return `there is no output called "${name}"; did you mean "${near}"?`;
  const known = names.length === 0 ? 'there are none' : `there are ${names.slice(0, 12).join(', ')}`;
  return `there is no output called "${name}"; ${known}`;
}

/**
 * One part of a value. `artifacts`, as the first part, leads to the files of an output whose value has no field of that
 * name; `size` and `length` of a list or a text count it.
 */
function partOf(value: Json, part: string | number, output: Output | null): Json | undefined {
  const own = ownPart(value, String(part));
  if (own !== undefined) return own;
  if (part === 'artifacts' && output !== null) return output.artifacts.map((a) => ({ ...a }));
  const isCount = part === 'size' || part === 'length';
  return isCount && (Array.isArray(value) || typeof value === 'string') ? value.length : undefined;
}

function ownPart(value: Json, part: string): Json | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(part) ? (value as readonly Json[])[Number(part)] : undefined;
  return isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function whyMissing(reference: Reference, at: number, value: Json): string {
  const here = referenceText(reference, at);
  const whole = referenceText(reference);
  if (value === null) return `${here} is null, so there is no ${whole}; it may come of a step that was skipped`;
  if (isArtifactRef(value)) return insideFile(reference, here, value);
  if (Array.isArray(value)) {
    const items = `${here} is a list of ${value.length} ${value.length === 1 ? 'item' : 'items'}`;
    return `${items}, so there is no ${referenceText(reference, at + 1)}`;
  }
  if (typeof value !== 'object') return `${here} is a ${typeof value} and has no parts, so there is no ${whole}`;
  const fields = Object.keys(value);
  const near = nearestName(String(reference.path[at]), fields);
  if (near !== null) return `${here} has no "${reference.path[at]}"; did you mean "${near}"?`;
  const has = fields.length === 0 ? 'it is empty' : `it has ${fields.slice(0, 12).join(', ')}`;
  return `${here} has no "${reference.path[at]}"; ${has}`;
}

/** The content of a file is not at hand: what to do instead depends on how it came to be a file. */
function insideFile(reference: Reference, here: string, value: Json): string {
  const { name, size, preview } = value as { readonly name: string; readonly size: number; readonly preview?: string };
  const part = `"${reference.path.at(-1)}"`;
  if (preview === undefined)
    return `${here} is the file ${name}, and ${part} in it cannot be referred to; read the file by a step first`;
  return (
    `${here} is too large for a value (${size} bytes) and was stored as the file ${name}, so ${part} in it cannot be ` +
    `referred to; pass $${here} as a whole to a skill that reads files, or have the step give less`
  );
}
