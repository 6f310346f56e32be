import { PraxisError, type BlobStore } from '@praxis/core';
import { PromptSet } from './prompt-set.js';

/**
 * The prompts to which a run is pinned (S9): this process's own where they are the same, otherwise as they were kept.
 */
export async function pinnedPrompts(
  pinned: Readonly<Record<string, string>>,
  own: PromptSet,
  blobs: BlobStore,
): Promise<PromptSet> {
  const hashes = Object.values(pinned);
  if (hashes.length === 0 || Object.entries(own.hashes).every(([name, sha256]) => pinned[name] === sha256)) return own;
  const texts = await blobs.read(hashes);
  const lost = Object.keys(pinned).find((name) => !texts.has(pinned[name]!));
  if (lost !== undefined)
    throw new PraxisError(
      'missing',
      `The prompt ${lost} to which the run is pinned is not kept any more; restore it from a backup, or begin a new run.`,
    );
  return PromptSet.of([...texts.values()]);
}
