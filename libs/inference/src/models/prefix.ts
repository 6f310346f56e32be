import { canonical, textHash, type ChatRequest, type Json } from '@praxis/core';

/** Characters of a block: 128 tokens by the rule of four, the size that published routers compare prefixes by. */
export const BLOCK_CHARS = 512;
export const BLOCK_TOKENS = BLOCK_CHARS / 4;

/**
 * Names of the beginning of a request that comes back in later ones: its tools and its stable messages, in whole
 * blocks, each named together with the model and all blocks before it. Requests that begin alike have the same first
 * names.
 */
export function prefixHashes(
  model: string,
  { messages, stable, tools }: Pick<ChatRequest, 'messages' | 'stable' | 'tools'>,
): readonly string[] {
  // Chat templates put the tools before the messages.
  const parts = [
    ...(tools === undefined || tools.length === 0 ? [] : [canonical(tools as unknown as Json)]),
    ...messages.slice(0, stable).map((m) => canonical(m as unknown as Json)),
  ];
  const text = parts.join('\n');
  const hashes: string[] = [];
  let before = textHash(model);
  for (let at = 0; at + BLOCK_CHARS <= text.length; at += BLOCK_CHARS) {
    before = textHash(before + text.slice(at, at + BLOCK_CHARS)).slice(0, 32);
    hashes.push(before);
  }
  return hashes;
}
