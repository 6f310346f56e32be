import type { BlobStore, ChatMessage, KeptText } from '@praxis/core';
import { ThoughtStore } from './model-call-record.js';

const record = {
  role: 'actor',
  prompt: { name: 'next-action', sha256: 'a'.repeat(64) },
  leftOut: {},
  offered: [],
  samples: [],
} as const;
const told = (...texts: readonly string[]): readonly ChatMessage[] =>
  texts.map((content) => ({ role: 'user', content }));

/** Blobs that refuse what refers to a text that is gone, as a database does. */
function strictBlobs() {
  const there = new Set<string>();
  const sent: KeptText[][] = [];
  let isBroken = false;
  const keep = async (texts: readonly KeptText[]): Promise<void> => {
    sent.push([...texts]);
    if (isBroken) throw new Error('the database is away');
    const next = new Set([...there, ...texts.map((t) => t.sha256)]);
    if (texts.some((t) => t.refs.some((ref) => !next.has(ref)))) throw new Error('a text is missing');
    for (const { sha256 } of texts) there.add(sha256);
  };
  const blobs: BlobStore = { keep, read: async () => new Map(), readAll: async () => new Map() };
  return { blobs, there, sent, breakIt: () => (isBroken = true) };
}

describe('a store of thoughts', () => {
  it('sends of a conversation that begins like an earlier one only what is new (model-call-record.1)', async () => {
    const { blobs, sent } = strictBlobs();
    const store = new ThoughtStore(blobs);
    const first = await store.keep(told('rules', 'goal', 'state 1'), record);
    const second = await store.keep(told('rules', 'goal', 'state 2'), record);
    expect(sent.map((texts) => texts.length)).toEqual([4, 2]);
    expect(second.prompt).not.toBe(first.prompt);
    expect(await store.keep(told('rules', 'goal', 'state 1'), record)).toEqual(first);
  });

  it('sends all of it again where what was there has been cleared away (model-call-record.2)', async () => {
    const { blobs, there } = strictBlobs();
    const store = new ThoughtStore(blobs);
    await store.keep(told('rules', 'state 1'), record);
    there.clear();
    const { prompt, answer } = await store.keep(told('rules', 'state 2'), record);
    expect([there.has(prompt), there.has(answer), there.size]).toEqual([true, true, 3]);
  });

  it('fails where nothing can be kept, so that no event names what is not there (model-call-record.2)', async () => {
    const { blobs, breakIt } = strictBlobs();
    breakIt();
    await expect(new ThoughtStore(blobs).keep(told('rules'), record)).rejects.toThrow('the database is away');
  });
});
