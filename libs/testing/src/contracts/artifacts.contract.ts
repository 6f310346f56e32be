import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ARTIFACT_PART_BYTES, PraxisError, type ArtifactStore } from '@praxis/core';

const LABEL = { name: 'charts/top.bin', mediaType: 'application/octet-stream' };
const codeOf = (thrown: unknown): string => (thrown instanceof PraxisError ? thrown.code : String(thrown));
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The bytes in pieces of a size that fits no part. */
async function* pieces(bytes: Uint8Array, size = 300_001): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(store: ArtifactStore, sha256: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of store.get(sha256)) parts.push(part);
  return Buffer.concat(parts);
}

/** Registers one test per law of artifact stores (artifacts.1–3), for a store that `open` gives. */
export function artifactsContract(name: string, open: () => Promise<ArtifactStore>): void {
  describe(`${name} keeps the laws of artifact stores`, () => {
    it.each([0, 1, 5000, ARTIFACT_PART_BYTES - 1, ARTIFACT_PART_BYTES, ARTIFACT_PART_BYTES + 1, 3_333_333])(
      'gives back the %i bytes that were put, at once or as a stream (artifacts.1, artifacts.3)',
      async (size) => {
        const store = await open();
        const [whole, streamed] = [randomBytes(size), randomBytes(size)];
        const refs = [await store.put(whole, LABEL), await store.put(pieces(streamed), LABEL)];
        expect(refs).toEqual([whole, streamed].map((bytes) => ({ $artifact: hashOf(bytes), size, ...LABEL })));
        expect((await read(store, refs[0]!.$artifact)).equals(whole)).toBe(true);
        expect((await read(store, refs[1]!.$artifact)).equals(streamed)).toBe(true);
      },
    );

    it('streams: it asks for no bytes far ahead of those it has stored (artifacts.2)', async () => {
      const store = await open();
      const bytes = randomBytes(5 * ARTIFACT_PART_BYTES);
      const ref = await store.put(pieces(bytes), LABEL);
      const sizes: number[] = [];
      for await (const part of store.get(ref.$artifact)) sizes.push(part.length);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(ARTIFACT_PART_BYTES);
    });

    it('stores equal bytes once, whatever their names and however many put them at once (artifacts.2)', async () => {
      const store = await open();
      const bytes = randomBytes(2 * ARTIFACT_PART_BYTES + 7);
      const refs = await Promise.all(
        Array.from({ length: 6 }, (_, i) => store.put(pieces(bytes), { ...LABEL, name: `copy ${i}` })),
      );
      expect(new Set(refs.map((r) => r.$artifact))).toEqual(new Set([hashOf(bytes)]));
      expect(refs.map((r) => r.name)).toEqual(Array.from({ length: 6 }, (_, i) => `copy ${i}`));
      expect((await read(store, hashOf(bytes))).equals(bytes)).toBe(true);
    });

    it('tells which artifacts it has, and how large they are', async () => {
      const store = await open();
      const ref = await store.put(randomBytes(77), LABEL);
      const unknown = hashOf(randomBytes(9));
      expect(await store.has([unknown, ref.$artifact, ref.$artifact, 'no hash'])).toEqual(
        new Map([[ref.$artifact, 77]]),
      );
      expect(await store.has([])).toEqual(new Map());
    });

    it.each(['0'.repeat(64), 'no hash', '../../etc/passwd', ''])(
      'fails with missing where %j names no artifact (artifacts.3)',
      async (sha256) => expect(await read(await open(), sha256).catch(codeOf)).toBe('missing'),
    );

    it('shows nothing of a put whose source fails in the middle', async () => {
      const store = await open();
      const bytes = randomBytes(2 * ARTIFACT_PART_BYTES);
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield* pieces(bytes);
        throw new PraxisError('cancelled', 'The caller is gone.');
      }
      expect(await store.put(broken(), LABEL).catch(codeOf)).toBe('cancelled');
      expect(await store.has([hashOf(bytes)])).toEqual(new Map());
    });

    it.each([{ name: '' }, { mediaType: '' }])('refuses a label with %j', async (wrong) => {
      expect(await (await open()).put(randomBytes(3), { ...LABEL, ...wrong }).catch(codeOf)).toBe('invalid');
    });
  });
}
