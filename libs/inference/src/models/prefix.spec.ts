import type { ChatMessage } from '@praxis/core';
import * as fc from 'fast-check';
import { BLOCK_CHARS, prefixHashes } from './prefix.js';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const hashes = (contents: readonly string[], stable = contents.length): readonly string[] =>
  prefixHashes('m', { messages: contents.map(user), stable });
const common = (a: readonly string[], b: readonly string[]): number => a.findIndex((hash, i) => hash !== b[i]);

describe('prefixHashes', () => {
  it('names blocks alike as long as all before them is alike', () => {
    const rules = 'r'.repeat(BLOCK_CHARS * 3);
    const [a, b] = [hashes([rules, `one${'x'.repeat(2000)}`]), hashes([rules, `two${'x'.repeat(2000)}`])];
    expect(common(a, b)).toBe(3);
    expect(new Set([...a, ...b]).size).toBe(a.length + b.length - 3);
  });

  it('looks at the stable messages only, and not at a block that is not full', () => {
    expect(hashes(['x'.repeat(2000), 'y'.repeat(2000)], 1)).toEqual(hashes(['x'.repeat(2000), 'z'], 1));
    expect(hashes(['short'])).toEqual([]);
  });

  it('keeps models and tools apart', () => {
    const messages = [user('x'.repeat(600))];
    const plain = prefixHashes('m', { messages, stable: 1 });
    expect(prefixHashes('n', { messages, stable: 1 })[0]).not.toBe(plain[0]);
    expect(
      prefixHashes('m', { messages, stable: 1, tools: [{ name: 'look', summary: '', parameters: {} }] })[0],
    ).not.toBe(plain[0]);
    expect(prefixHashes('m', { messages, stable: 1, tools: [] })).toEqual(plain);
  });

  it('goes on where a conversation goes on', () => {
    const texts = fc.array(fc.string({ maxLength: 900 }), { maxLength: 5 });
    fc.assert(
      fc.property(texts, texts, (first, more) => {
        const before = hashes(first);
        expect(hashes([...first, ...more]).slice(0, before.length)).toEqual(before);
      }),
    );
  });
});
