import type { ArtifactRef, Json, Output, SkillCall } from '@praxis/core';
import type { Answered } from './exchange.js';
import { plain } from './plain-text.js';
import { selectPart } from './select-part.js';

/** How an answer becomes an output. */
export interface AnswerParts {
  readonly method: string;
  /** The part that is taken; null: the whole. */
  readonly select: string | null;
  /** The host that wrote it, as a source of taint. */
  readonly source: string;
  /** The skill's name, after which a file is called. */
  readonly name: string;
  /** Removes secrets from a text. */
  readonly hide: (text: string) => string;
  readonly tools: SkillCall['tools'];
}

/** What an answer gives, or why it gives nothing. */
export type ReadAnswer = { readonly output: Output } | { readonly problem: string };

/** JSON as a value, text as a text, anything else as an artifact; of HEAD, the status and the headers. */
export async function readAnswer(answer: Answered, parts: AnswerParts): Promise<ReadAnswer> {
  if (answer.isCut) return { problem: `its answer has more than ${answer.bytes.length} bytes; ask for less at a time` };
  const read = await valueOf(answer, parts);
  if ('problem' in read) return read;
  const value = parts.select === null ? read.value : selectPart(read.value, parts.select);
  if (value === undefined) return { problem: `its answer has no part ${parts.select}: ${answer.text.slice(0, 200)}` };
  const artifacts = 'artifact' in read ? [read.artifact] : [];
  return { output: { value, artifacts, taint: [parts.source] } };
}

type Value =
  | { readonly value: Json; readonly artifact?: never }
  | { readonly value: Json; readonly artifact: ArtifactRef };

async function valueOf(
  answer: Answered,
  { method, hide, name, tools }: AnswerParts,
): Promise<Value | { problem: string }> {
  const { status, headers, bytes, mediaType } = answer;
  const clean = (text: string): string => hide(plain(text));
  if (method === 'HEAD') return { value: cleanJson({ status, headers }, clean) };
  if (bytes.length === 0) return { value: null };
  const text = isTextual(mediaType) ? decode(bytes, answer) : null;
  if (text !== null) return { value: jsonIn(text, mediaType, clean) ?? clean(text).trim() };
  if (tools === undefined)
    return {
      problem: `its answer is a file (${mediaType}, ${bytes.length} bytes), and there is no store to keep it in`,
    };
  const artifact = await tools.artifacts.put(bytes, {
    name: fileName(name, mediaType),
    mediaType: mediaType || BINARY,
  });
  return { value: { ...artifact }, artifact };
}

const BINARY = 'application/octet-stream';

const fileName = (name: string, mediaType: string): string =>
  `${name}.${/^\w+\/([a-z0-9]{2,5})$/.exec(mediaType)?.[1] ?? 'bin'}`;

const isTextual = (mediaType: string): boolean =>
  mediaType === '' ||
  /^text\/|[/+](json|xml|yaml|x-yaml|javascript|x-ndjson|x-www-form-urlencoded|csv)$/.test(mediaType);

/** Bytes as text; null where a media type that is not said turns out to be none of a text. */
function decode(bytes: Uint8Array, { charset, mediaType }: Pick<Answered, 'charset' | 'mediaType'>): string | null {
  try {
    return new TextDecoder(isCharset(charset) ? charset : 'utf-8', { fatal: mediaType === '' }).decode(bytes);
  } catch {
    return null;
  }
}

function isCharset(label: string): boolean {
  try {
    return label !== '' && new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

/** The JSON that a text is, where it is said to be such, or looks like an object or a list; undefined otherwise. */
function jsonIn(text: string, mediaType: string, clean: (text: string) => string): Json | undefined {
  const isSaid = /[/+]json$/.test(mediaType);
  if (!isSaid && !(mediaType === '' && /^\s*[[{]/.test(text))) return undefined;
  try {
    return cleanJson(JSON.parse(text) as Json, clean);
  } catch {
    return undefined;
  }
}

/** Deeper than people nest their data; what is deeper is told as text. */
const DEEPEST = 100;

function cleanJson(value: Json, clean: (text: string) => string, depth = 0): Json {
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth === DEEPEST) return clean(JSON.stringify(value).slice(0, 1_000));
  if (Array.isArray(value)) return value.map((item: Json) => cleanJson(item, clean, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [clean(name), cleanJson(inner as Json, clean, depth + 1)]),
  );
}
