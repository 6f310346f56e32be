import { createHash } from 'node:crypto';
import { artifactRefSchema, PraxisError, type ArtifactLabel, type ArtifactRef, type ArtifactStore } from '@praxis/core';

/** Keeps artifacts as long as the process lives: for tests, for replays and for trying things out. */
export class MemoryArtifacts implements ArtifactStore {
  readonly #kept = new Map<string, Uint8Array>();

  async put(bytes: Uint8Array | AsyncIterable<Uint8Array>, label: ArtifactLabel): Promise<ArtifactRef> {
    const parts: Uint8Array[] = [];
    if (bytes instanceof Uint8Array) parts.push(bytes);
    else for await (const part of bytes) parts.push(part);
    const whole = Buffer.concat(parts);
    const sha256 = createHash('sha256').update(whole).digest('hex');
    if (!this.#kept.has(sha256)) this.#kept.set(sha256, whole);
    return artifactRefSchema.parse({ $artifact: sha256, size: whole.length, ...label });
  }

  async *get(sha256: string): AsyncGenerator<Uint8Array> {
    const bytes = this.#kept.get(sha256);
    if (bytes === undefined) throw new PraxisError('missing', `There is no artifact ${sha256}.`);
    yield bytes;
  }

  async has(sha256: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return new Map(sha256.flatMap((hash) => (this.#kept.has(hash) ? [[hash, this.#kept.get(hash)!.length]] : [])));
  }
}
