import type { Json, Outputs } from '@praxis/core';
import { lookUp, parseReference } from './reference.js';
import { isTemplate, namesInTemplate, renderTemplate } from './template.js';

/** Arguments by name. */
export type Args = Readonly<Record<string, Json>>;

/** A value with all its references filled in, and where untrusted parts of it came from; or why that is not possible. */
export type Resolved = { readonly value: Json; readonly taint: readonly string[] } | { readonly missing: string };

/** How references are filled in. */
export interface ResolveOptions {
  /** Only whole references, no templates. */
  readonly plain?: boolean;
}

/**
 * Fills references in, at any depth.
 *
 * references.1 A text that is a reference and nothing else (`$rows`, `$links.urls[0]`) becomes the value it leads to,
 *              of whatever type; a text with `{{ }}` stays a text; a leading `$$` stands for `$`; all else stays as it is.
 * references.2 The taint of every output that is referred to is the taint of the result, also where the text shows
 *              nothing of it.
 * references.3 The same values give the same result, at any time and on any machine.
 * references.4 What a reference brings in is a value: references in it are not filled in.
 * references.5 A reference that leads nowhere gives a reason that names it and what was probably meant.
 * references.6 `plain`: a text with `{{ }}` stays as it is, since whoever wrote it knows of no templates.
 */
export function resolveValue(value: Json, outputs: Outputs, { plain = false }: ResolveOptions = {}): Resolved {
  const taint = new Set<string>();
  const visit = (part: Json, at: string): Json => {
    if (typeof part === 'string') return resolveText(part, { outputs, plain, taint }, at);
    if (part === null || typeof part !== 'object') return part;
    if (Array.isArray(part)) return (part as readonly Json[]).map((inner, i) => visit(inner, `${at}[${i}]`));
    const entries = Object.entries(part as { readonly [key: string]: Json });
    return Object.fromEntries(entries.map(([key, inner]) => [key, visit(inner, at === '' ? key : `${at}.${key}`)]));
  };
  try {
    return { value: visit(value, ''), taint: [...taint].sort() };
  } catch (error) {
    if (error instanceof Missing) return { missing: error.message };
    throw error;
  }
}

/** As `resolveValue`, for arguments. */
export function resolveArgs(
  args: Args,
  outputs: Outputs,
  options: ResolveOptions = {},
): { readonly args: Record<string, Json>; readonly taint: readonly string[] } | { readonly missing: string } {
  const resolved = resolveValue({ ...args }, outputs, options);
  return 'missing' in resolved ? resolved : { args: resolved.value as Record<string, Json>, taint: resolved.taint };
}

class Missing extends Error {}

interface Resolving extends Required<ResolveOptions> {
  readonly outputs: Outputs;
  readonly taint: Set<string>;
}

function resolveText(text: string, { outputs, plain, taint }: Resolving, at: string): Json {
  const where = at === '' ? text : `${at} (${text.length > 80 ? `${text.slice(0, 80)}…` : text})`;
  if (text.startsWith('$$')) return text.slice(1);
  const reference = parseReference(text);
  if (reference !== null) {
    const found = lookUp(outputs, reference);
    if ('missing' in found) throw new Missing(`${where}: ${found.missing}`);
    addTaint(outputs, [reference.name], taint);
    return found.value;
  }
  if (plain || !isTemplate(text)) return text;
  const rendered = renderTemplate(text, outputs);
  if ('missing' in rendered) throw new Missing(`${where}: ${rendered.missing}`);
  addTaint(outputs, namesInTemplate(text), taint);
  return rendered.value;
}

function addTaint(outputs: Outputs, names: readonly string[], taint: Set<string>): void {
  for (const name of names)
    if (Object.hasOwn(outputs, name)) for (const source of outputs[name]!.taint) taint.add(source);
}

/** Where untrusted parts of these outputs came from. */
export function taintOf(outputs: Outputs, names: readonly string[]): readonly string[] {
  const taint = new Set<string>();
  addTaint(outputs, names, taint);
  return [...taint].sort();
}

/** The names that a value refers to, at any depth, each once; a text that cannot be parsed refers to nothing. */
export function referencesIn(value: Json | undefined): readonly string[] {
  const names = new Set<string>();
  const visit = (part: Json | undefined): void => {
    if (typeof part === 'string') for (const name of namesInText(part)) names.add(name);
    else if (part !== null && typeof part === 'object') for (const inner of Object.values(part)) visit(inner as Json);
  };
  visit(value);
  return [...names];
}

function namesInText(text: string): readonly string[] {
  if (text.startsWith('$$')) return [];
  const reference = parseReference(text);
  if (reference !== null) return [reference.name];
  if (!isTemplate(text)) return [];
  try {
    return namesInTemplate(text);
  } catch {
    return [];
  }
}
