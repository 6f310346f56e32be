import type { Json } from '@praxis/core';

/** What came of reading JSON out of a model's text. */
export type JsonReading = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: string };

/**
 * Reads the JSON in a model's text. Only what can be meant in one way is read:
 *
 * read-json.1 The whole text is JSON, with white space around it: that.
 * read-json.2 It holds exactly one fenced block, and what is in that is JSON: that.
 * read-json.3 Of its outermost bracketed parts exactly one is JSON, with other text around it: that. A part that is
 *             never closed may be an answer that was cut off, so that nothing is read.
 *
 * Nothing is mended: commas, quotes or brackets that are missing or too many stay wrong.
 */
export function readJson(text: string): JsonReading {
  const whole = parsed(text);
  if (whole !== null) return whole;
  if (text.trim() === '') return { ok: false, why: 'it is empty' };
  const blocks = fencedBlocks(text);
  const inside = blocks.length === 1 ? parsed(blocks[0]!) : null;
  if (inside !== null) return inside;
  const parts = outermostParts(text);
  if (parts === null) return { ok: false, why: 'its JSON is never closed' };
  const values = parts.map(parsed).filter((value) => value !== null);
  if (values.length === 1) return values[0]!;
  if (values.length > 1) return { ok: false, why: 'it holds more than one JSON value' };
  return { ok: false, why: parts.length === 0 ? 'there is no JSON in it' : 'its JSON is broken' };
}

/** JSON that is nested deeper says nothing to anybody, and would exhaust the stack of whoever walks through it. */
const DEEPEST = 200;

function parsed(text: string): { readonly ok: true; readonly value: Json } | null {
  if (depthOf(text) > DEEPEST) return null;
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch {
    // Not JSON as it stands.
    return null;
  }
}

/** At least as deep as any JSON in the text is nested. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (c === '{' || c === '[') deepest = Math.max(deepest, (depth += 1));
    else if (c === '}' || c === ']') depth = Math.max(0, depth - 1);
  }
  return deepest;
}

/** What stands between fences of backticks or tildes, each closed by one at least as long. */
function fencedBlocks(text: string): readonly string[] {
  const blocks: string[] = [];
  let fence: string | null = null;
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === null && mark !== undefined) {
      fence = mark;
      lines = [];
    } else if (fence !== null && mark?.startsWith(fence) === true && line.trim() === mark) {
      blocks.push(lines.join('\n'));
      fence = null;
    } else lines.push(line);
  }
  return blocks;
}

/** The outermost parts in brackets or braces, strings inside them respected; null where one is never closed. */
function outermostParts(text: string): readonly string[] | null {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i]!;
    if (c === '"' && depth > 0) i = stringEnd(text, i);
    else if ('{['.includes(c)) {
      if (depth === 0) from = i;
      depth += 1;
    } else if ('}]'.includes(c) && depth > 0) {
      depth -= 1;
      if (depth === 0) parts.push(text.slice(from, i + 1));
    }
  }
  return depth === 0 ? parts : null;
}

/** Where the string that begins at `from` ends; the end of the text where it does not. */
function stringEnd(text: string, from: number): number {
  let i = from + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}
