import type { Json } from '@praxis/core';

/** The end of a JSON text that begins here with a quote, a brace or a bracket; -1 where it does not end. */
function jsonEnd(text: string, from: number): number {
  let depth = 0;
  let quoted = false;
  for (let i = from; i < text.length; i++) {
    const char = text[i]!;
    if (quoted && char === '\\') i += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && '{['.includes(char)) depth += 1;
    else if (!quoted && '}]'.includes(char)) depth -= 1;
    if (depth === 0 && !quoted) return i + 1;
  }
  return -1;
}

/** A word of a call, and the value where it was written as JSON. */
export interface CallWord {
  readonly text: string;
  readonly json?: Json;
}

/**
 * The words of a call as models write it: `(move ann hall)`, `move ann hall` or `move(ann, hall)`, with arguments in
 * JSON where they are more than a word. Null where it is none of these.
 */
export function readCall(text: string): readonly CallWord[] | null {
  const inner = innerOf(text.trim());
  if (inner === null) return null;
  const words: CallWord[] = [];
  for (let i = 0; i < inner.length;) {
    if (/[\s,]/.test(inner[i]!)) {
      i += 1;
      continue;
    }
    if ('"{['.includes(inner[i]!)) {
      const end = jsonEnd(inner, i);
      if (end < 0) return null;
      const piece = inner.slice(i, end);
      words.push({ text: piece, ...parsed(piece) });
      i = end;
      continue;
    }
    const word = /^[^\s,()]+/.exec(inner.slice(i))?.[0];
    if (word === undefined) return null;
    words.push({ text: word });
    i += word.length;
  }
  return words.length === 0 ? null : words;
}

function innerOf(text: string): string | null {
  if (text.startsWith('(')) return text.endsWith(')') ? text.slice(1, -1) : null;
  const call = /^([^\s(),"]+)\s*\((.*)\)$/s.exec(text);
  return call ? `${call[1]} ${call[2]}` : text;
}

function parsed(piece: string): { readonly json?: Json } {
  try {
    return { json: JSON.parse(piece) as Json };
  } catch {
    return {};
  }
}

/** A term in parentheses: words and further terms. */
export type Term = string | readonly Term[];

/** Reads one term of PDDL in small letters; null where parentheses do not match or something stands beside it. */
export function readTerm(text: string): Term | null {
  const tokens =
    text
      .toLowerCase()
      .replace(/;[^\n]*/g, '')
      .match(/[()]|[^\s()]+/g) ?? [];
  const stack: Term[][] = [[]];
  for (const token of tokens) {
    if (token === '(') stack.push([]);
    else if (token !== ')') stack.at(-1)!.push(token);
    else {
      const done = stack.pop()!;
      if (stack.length === 0) return null;
      stack.at(-1)!.push(done);
    }
  }
  return stack.length === 1 && stack[0]!.length === 1 ? stack[0]![0]! : null;
}

/** A term as PDDL text with single spaces. */
export const termText = (term: Term): string => (typeof term === 'string' ? term : `(${term.map(termText).join(' ')})`);
