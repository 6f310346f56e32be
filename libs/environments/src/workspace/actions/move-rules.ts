import { filePath, isArtifactRef, PraxisError, type ArtifactStore, type Json } from '@praxis/core';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { TooSlow, withinTime } from '../../within-time.js';
import { readArtifact, textOf } from '../read-artifact.js';
import { Refusal } from './file-action.js';
import { globOf } from './list.js';

/** The longest list of rules, in bytes of text and in rules, and the time that matching may take, in milliseconds. */
const MOST = { bytes: 256 * 1024, rules: 1000, ms: 2000 } as const;

const ruleSchema = z.strictObject({
  /** Each that is given must match. */
  match: z.union([
    z.string().min(1),
    z
      .strictObject({
        glob: z.string().min(1).optional(),
        regex: z.string().min(1).max(500).optional(),
        mediaType: z.string().min(1).optional(),
      })
      .refine((match) => Object.keys(match).length > 0, 'needs a glob, a regex or a mediaType'),
  ]),
  to: z.string().min(1).max(1024),
});
const rulesSchema = z.array(ruleSchema).min(1).max(MOST.rules);
type Rule = z.infer<typeof ruleSchema>;

/** A file as rules see it. */
export interface ListedFile {
  readonly path: string;
  readonly mediaType: string;
  readonly sha256: string;
}

/** The path that a rule gives a file; null where the rule does not match. */
export type MoveRule = (file: ListedFile) => string | null;

/** Reads rules from a list, from a YAML or JSON text, or from an artifact that holds one. */
export async function readRules(rules: Json, artifacts: ArtifactStore): Promise<readonly MoveRule[]> {
  const list =
    typeof rules === 'string' ? fromText(rules) : isArtifactRef(rules) ? await fromFile(rules, artifacts) : rules;
  const parsed = rulesSchema.safeParse(list);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new Refusal('invalid-args', `The rules cannot be read: ${[...path, message].join(' ')}.`);
  }
  return parsed.data.map(ruleOf);
}

async function fromFile(ref: { readonly $artifact: string }, artifacts: ArtifactStore): Promise<unknown> {
  const { bytes, isWhole } = await readArtifact(artifacts, ref.$artifact, MOST.bytes);
  const text = isWhole ? textOf(bytes) : null;
  if (text === null)
    throw new Refusal('invalid-args', `The rules are not a UTF-8 text of at most ${MOST.bytes} bytes.`);
  return fromText(text);
}

function fromText(text: string): unknown {
  if (text.length > MOST.bytes)
    throw new Refusal('invalid-args', `The rules are longer than ${MOST.bytes} characters.`);
  try {
    return parseYaml(text, { maxAliasCount: 0 });
  } catch (thrown) {
    throw new Refusal('invalid-args', `The rules are neither YAML nor JSON: ${(thrown as Error).message}`);
  }
}

function ruleOf({ match, to }: Rule): MoveRule {
  const { glob, regex, mediaType } = typeof match === 'string' ? { glob: match } : match;
  const isNamed = glob === undefined ? () => true : globOf(glob);
  const isOfType = mediaType === undefined ? () => true : globOf(mediaType.toLowerCase());
  const expression = regex === undefined ? null : expressionOf(regex);
  return (file) => {
    if (!isNamed(file.path) || !isOfType(file.mediaType.toLowerCase().split(';')[0]!.trim())) return null;
    const found = expression === null ? [] : expression.exec(file.path);
    return found === null ? null : fill(to.endsWith('/') ? `${to}{base}` : to, partsOf(file, found));
  };
}

function expressionOf(regex: string): RegExp {
  try {
    return new RegExp(regex, 'u');
  } catch (thrown) {
    throw new Refusal('invalid-args', `The regex ${regex} cannot be read: ${(thrown as Error).message}`);
  }
}

/** What a template may name: parts of the path, and groups of the regex by number or name. */
function partsOf(
  { path, mediaType, sha256 }: ListedFile,
  groups: readonly (string | undefined)[],
): ReadonlyMap<string, string> {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  const [type = '', subtype = ''] = mediaType.split(';')[0]!.trim().split('/');
  const named = (groups as Partial<RegExpExecArray>).groups ?? {};
  return new Map([
    ['path', path],
    ['dir', path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'],
    ['base', base],
    ['name', dot > 0 ? base.slice(0, dot) : base],
    ['ext', dot > 0 ? base.slice(dot) : ''],
    ['type', type],
    ['subtype', subtype],
    ['hash', sha256.slice(0, 8)],
    ...groups.map((text, at) => [String(at), text ?? ''] as const),
    ...Object.entries(named).map(([name, text]) => [name, text ?? ''] as const),
  ]);
}

function fill(template: string, parts: ReadonlyMap<string, string>): string {
  return template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const part = parts.get(name);
    if (part !== undefined) return part;
    throw new Refusal(
      'invalid-args',
      `The template ${template} names {${name}}; there are {${[...parts.keys()].join('}, {')}}.`,
    );
  });
}

/** The target of each file by the first rule that matches; null where none does. */
export function applyRules(
  files: readonly ListedFile[],
  rules: readonly MoveRule[],
  folder: string | undefined,
): readonly { readonly file: ListedFile; readonly to: string | null }[] {
  try {
    return withinTime(MOST.ms, () =>
      files.map((file) => {
        for (const rule of rules) {
          const to = rule(file);
          if (to !== null) return { file, to: targetOf(file, folder === undefined ? to : `${folder}/${to}`) };
        }
        return { file, to: null };
      }),
    );
  } catch (thrown) {
    if (thrown instanceof TooSlow)
      throw new Refusal(
        'invalid-args',
        `The rules take longer than ${MOST.ms} ms; make the regular expressions simpler.`,
      );
    throw thrown;
  }
}

function targetOf({ path }: ListedFile, to: string): string {
  try {
    return filePath(to);
  } catch (thrown) {
    throw new Refusal('invalid-args', `The rule for ${path} gives no path: ${PraxisError.from(thrown).message}`);
  }
}
