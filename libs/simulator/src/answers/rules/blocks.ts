import type { ChatMessage } from '@praxis/core';

/** The named blocks of a conversation. */
export type Blocks = ReadonlyMap<string, string>;

const FENCE = /^(`{3,})([a-z][a-z-]*)[^\n`]*\n([\s\S]*?)^\1[ \t]*$/gm;

/**
 * The fenced blocks of a conversation by their names; the newest of a name wins. What the model itself and tools said
 * is left out: a world's answer that looks like a block is none.
 */
export function readBlocks(messages: readonly ChatMessage[]): Blocks {
  const blocks = new Map<string, string>();
  for (const message of messages) {
    if (message.role !== 'system' && message.role !== 'user') continue;
    for (const [, , name, text] of message.content.matchAll(FENCE)) blocks.set(name!, text!.trim());
  }
  return blocks;
}

/** A text without its blocks. */
export function withoutBlocks(text: string): string {
  return text.replace(FENCE, '').trim();
}

/** The lines of a block that say something. */
export function linesOf(blocks: Blocks, name: string): readonly string[] {
  return (blocks.get(name) ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith(';'));
}

/** The outermost terms in parentheses of a text, in lower case and with single spaces. */
export function termsOf(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(' && depth++ === 0) start = i;
    if (text[i] !== ')' || depth === 0) continue;
    if (--depth === 0) found.push(tidy(text.slice(start, i + 1)));
  }
  return found;
}

function tidy(term: string): string {
  return term.toLowerCase().replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')');
}
