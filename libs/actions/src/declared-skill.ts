import { digest, PraxisError, type Json, type JsonSchema, type Skill, type SkillManifest } from '@praxis/core';
import { suggestion } from '@praxis/search';
import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import { FIELD_NAMES, skillsFileSchema, type Declaration, type DeclaredHeaders } from './http/declaration.js';
import { HttpSkill } from './http/http-skill.js';
import { declaredInput } from './http/short-parameters.js';

/** A skill that a file declares. */
export interface DeclaredSkill {
  readonly skill: Skill;
  /** The world whose action of the same name it really does; null for a skill of its own. */
  readonly performs: string | null;
}

/** Where a file of skills stands, for messages, and how the secrets it names are read. */
export interface SkillsPlace {
  readonly file: string;
  /** Reads a secret of its own file; `field` says for people which one wants it. */
  secret(field: string, file: string): string;
}

/**
 * Reads a YAML or JSON file of skills. Fails with `invalid`, and says which entry and which field, where it does not
 * fit.
 */
export function parseSkills(text: string, place: SkillsPlace): readonly DeclaredSkill[] {
  const data = parseText(text, place.file);
  if (data === null || data === undefined)
    throw new PraxisError('invalid', `${place.file} is empty. docs/skills.md shows how a skill is declared.`);
  const parsed = skillsFileSchema.safeParse(data);
  if (!parsed.success) throw validationError(parsed.error.issues, data, place.file);
  const seen = new Set<string>();
  return named(parsed.data).map((declaration, i) => {
    const { name, performs } = declaration;
    const id = JSON.stringify([name, performs]);
    if (seen.has(id))
      throw new PraxisError(
        'invalid',
        `${place.file}: skills[${i}] (${name}) is declared a second time${performs === null ? '' : ` for ${performs}`}; keep one of the two, or rename one.`,
      );
    seen.add(id);
    return { skill: makeSkill(declaration, `skills[${i}] (${name})`, place), performs };
  });
}

function makeSkill(declaration: Declaration, entry: string, place: SkillsPlace): Skill {
  const secrets = new Set<string>();
  const resolve = (declared: DeclaredHeaders, field: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(declared).map(([header, value]) => [
        header,
        headerText(value, `${place.file}: ${entry}: ${field}.${header}`, place, secrets),
      ]),
    );
  const headers = resolve(declaration.http.headers, 'http.headers');
  const { probe } = declaration;
  const probeHeaders = probe === null || probe.headers === null ? headers : resolve(probe.headers, 'probe.headers');
  return new HttpSkill({
    declaration,
    manifest: manifestOf(declaration),
    headers,
    probeHeaders,
    secrets: [...secrets],
  });
}

function headerText(value: DeclaredHeaders[string], field: string, place: SkillsPlace, secrets: Set<string>): string {
  const secret = typeof value === 'string' ? null : place.secret(field, value.file);
  if (secret !== null) secrets.add(secret);
  const text = typeof value === 'string' ? value : value.prefix + secret;
  // The library would quote the value, and only when it is sent.
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text))
    throw new PraxisError(
      'invalid',
      `${field} holds what a header cannot: a line break, a control character or a letter beyond Latin-1.`,
    );
  return text;
}

function manifestOf(declaration: Declaration): SkillManifest {
  const { name, summary, effect, keyed, polling, undo, risk, money, probe, performs, http, output } = declaration;
  const { requires, ensures, reads, writes, resources } = declaration;
  const lists = Object.entries({ requires, ensures, reads, writes, resources }).filter(([, list]) => list.length > 0);
  const manifest: SkillManifest = {
    ...{ name, summary, effect, keyed },
    ...declaredInput(declaration.input, declaration.parameters),
    source: `http:${new URL(http.url.replace(/[/?]?\{.*$/, '')).host}${performs === null ? '' : `, world:${performs}`}`,
    probed: probe !== null,
    ...{ polling, outside: true },
    ...(output !== null && { output: output as JsonSchema }),
    ...Object.fromEntries(lists),
    ...(undo !== null && { undo }),
    ...(risk !== null && { risk }),
    ...(money !== null && { money }),
  };
  return { ...manifest, hash: digest({ ...manifest } as unknown as Json) };
}

/** The entries with the file's namespace before the names of skills that are their own. */
function named({ namespace, skills }: z.infer<typeof skillsFileSchema>): readonly Declaration[] {
  if (namespace === null) return skills;
  const own = new Set(skills.filter((s) => s.performs === null).map((s) => s.name));
  const full = (name: string): string => (own.has(name) ? `${namespace}.${name}` : name);
  return skills.map((s) => ({
    ...s,
    name: s.performs === null ? full(s.name) : s.name,
    undo: s.undo && { ...s.undo, skill: full(s.undo.skill) },
  }));
}

function parseText(text: string, file: string): unknown {
  try {
    return parseYaml(text) as unknown;
  } catch (cause) {
    throw new PraxisError(
      'invalid',
      `${file} is not readable as YAML or JSON: ${(cause as Error).message.split('\n')[0]}`,
      { cause },
    );
  }
}

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  /** Of a key that does not fit: why. */
  readonly issues?: readonly { readonly message: string }[];
}

function entryOf(index: number, data: unknown): string {
  const name = (data as { readonly skills: readonly ({ readonly name?: unknown } | null)[] }).skills[index]?.name;
  return `skills[${index}]${typeof name === 'string' ? ` (${name})` : ''}: `;
}

const plainly = (message: string): string =>
  message.replace(/^Invalid input: expected .*, received undefined$/, 'is missing');

/** Names the most telling of what is wrong: a field that nobody knows is often why another one is missing. */
function validationError(found: readonly Issue[], data: unknown, file: string): PraxisError {
  const first = found.find((issue) => issue.keys !== undefined) ?? found[0]!;
  const { path, message, keys, issues } = first;
  const [, index, ...field] = path;
  const entry = typeof index === 'number' ? entryOf(index, data) : '';
  const where = field.length > 0 ? `${field.join('.')}: ` : '';
  const what =
    keys === undefined
      ? (issues?.[0]?.message ?? plainly(message))
      : `there is no field ${keys.join(', ')}${suggestion(keys[0]!, FIELD_NAMES)}`;
  const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
  return new PraxisError(
    'invalid',
    `${file}: ${entry}${where}${what}${more}. docs/skills.md shows how a skill is declared.`,
  );
}
