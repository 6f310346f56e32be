import { hash } from 'node:crypto';
import type { ChatRequest } from '@praxis/core';

const PIECE = / ?[\p{L}\p{N}_]{1,6}| ?[^\s\p{L}\p{N}_]{1,3}|\s{1,8}/gu;

/** A text in pieces about as long as a model's tokens; joined they are the text again. */
export function piecesOf(text: string): readonly string[] {
  return text.match(PIECE) ?? [];
}

/** A request as the one text that a model would read: tools first, then the messages in order. */
export function promptText({ messages, tools = [] }: Pick<ChatRequest, 'messages' | 'tools'>): string {
  const parts = messages.map(
    (m) => `<|${m.role}|>\n${m.content}${m.role === 'assistant' && m.toolCalls ? JSON.stringify(m.toolCalls) : ''}\n`,
  );
  return `${tools.length > 0 ? `${JSON.stringify(tools)}\n` : ''}${parts.join('')}<|assistant|>\n`;
}

/** Names of a prompt's full blocks: each is chained to the one before, so that it names everything before it too. */
export function blockNames(pieces: readonly string[], blockTokens: number): readonly string[] {
  const names: string[] = [];
  let before = '';
  for (let at = 0; at + blockTokens <= pieces.length; at += blockTokens) {
    before = hash('sha256', `${before}\u0000${pieces.slice(at, at + blockTokens).join('\u0001')}`).slice(0, 24);
    names.push(before);
  }
  return names;
}

/** The number of a piece in a vocabulary of 2^17; the same piece has the same number at every node. */
export function tokenId(piece: string): number {
  return Number.parseInt(hash('sha256', piece).slice(0, 8), 16) % 131_072;
}
