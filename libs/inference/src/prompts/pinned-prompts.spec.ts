import { textHash, type BlobStore } from '@praxis/core';
import { pinnedPrompts } from './pinned-prompts.js';
import { PromptSet, loadPrompts } from './prompt-set.js';

const own = loadPrompts(null);
const older = PromptSet.of(own.texts.map(({ body }) => body.replace('\n# task\n', '\n# task\n\nBe brief.\n')));

function blobsWith(texts: readonly string[]): BlobStore & { readonly asked: string[] } {
  const asked: string[] = [];
  const read = async (hashes: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    asked.push(...hashes);
    return new Map(texts.map((text) => [textHash(text), text] as const).filter(([hash]) => hashes.includes(hash)));
  };
  return { asked, keep: async () => undefined, read, readAll: read };
}

describe('the prompts of a run (S9)', () => {
  it("are the process's own where they are the same, with nothing read, and where the run is pinned to none", async () => {
    const blobs = blobsWith([]);
    expect(await pinnedPrompts(own.hashes, own, blobs)).toBe(own);
    expect(await pinnedPrompts({}, own, blobs)).toBe(own);
    expect(blobs.asked).toEqual([]);
  });

  it('stay what they were though the process has others', async () => {
    const found = await pinnedPrompts(older.hashes, own, blobsWith(older.texts.map((t) => t.body)));
    expect(found.hashes).toEqual(older.hashes);
    expect(found.get('next-action').text).toContain('Be brief.');
    expect(own.get('next-action').text).not.toContain('Be brief.');
  });

  it('are asked for by name where they are gone', async () => {
    const kept = older.texts.map((t) => t.body).filter((text) => textHash(text) !== older.hashes['judge']);
    await expect(pinnedPrompts(older.hashes, own, blobsWith(kept))).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringMatching(/^The prompt judge .* restore it from a backup, or begin a new run/),
    });
  });
});
