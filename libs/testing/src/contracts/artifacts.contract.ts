import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ARTIFACT_PART_BYTES, PraxisError, type ArtifactStore } from '@praxis/core';

const label = { name: 'out/data.bin', mediaType: 'application/octet-stream' };
const codeOf = (thrown: unknown): string => (thrown instanceof PraxisError ? thrown.code : String(thrown));

async function read(store: ArtifactStore, sha256: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.get(sha256)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** Registers one test per law of artifact stores (artifacts.1–3), for a store that `open` gives. */
export function artifactsContract(name: string, open: () => Promise<ArtifactStore>): void {
  describe(`${name} keeps the laws of artifacts`, () => {
    it.each([
      ['nothing', 0],
      ['one byte', 1],
      ['one part', ARTIFACT_PART_BYTES],
      ['a part and a byte', ARTIFACT_PART_BYTES + 1],
      ['several parts', 3 * ARTIFACT_PART_BYTES + 17],
    ])('gives back what was put: %s (artifacts.1)', async (_, size) => {
      const store = await open();
      const bytes = randomBytes(size);
      const ref = await store.put(bytes, label);
      expect(ref).toMatchObject({ size, ...label });
      expect((await read(store, ref.$artifact)).equals(bytes)).toBe(true);
      expect(await store.has([ref.$artifact])).toEqual(new Map([[ref.$artifact, size]]));
    });

    it('gives one reference for equal bytes, in whatever pieces they come (artifacts.2)', async () => {
      const store = await open();
      const bytes = randomBytes(2 * ARTIFACT_PART_BYTES + 5);
      const refs = await Promise.all([
        store.put(bytes, label),
        store.put(inChunks(bytes, 1_000), label),
        store.put(inChunks(bytes, ARTIFACT_PART_BYTES * 2), { ...label, name: 'other.bin' }),
      ]);
      expect(new Set(refs.map((r) => r.$artifact)).size).toBe(1);
      expect(refs.map((r) => r.name)).toEqual(['out/data.bin', 'out/data.bin', 'other.bin']);
      expect((await read(store, refs[0]!.$artifact)).equals(bytes)).toBe(true);
    });

    it('says what is missing (artifacts.3)', async () => {
      const store = await open();
      const none = 'f'.repeat(64);
      await expect(read(store, none).catch(codeOf)).resolves.toBe('missing');
      expect(await store.has([none])).toEqual(new Map());
    });

    it('keeps nothing of a put whose source fails in the middle (artifacts.3)', async () => {
      const store = await open();
      const bytes = randomBytes(2 * ARTIFACT_PART_BYTES);
      const broken = async function* (): AsyncGenerator<Uint8Array> {
        yield bytes;
        throw new PraxisError('unavailable', 'the disk went away');
      };
      await expect(store.put(broken(), label).catch(codeOf)).resolves.toBe('unavailable');
      const whole = await store.put(bytes, label);
      expect((await read(store, whole.$artifact)).length).toBe(bytes.length);
    });

    it('refuses what has no name or no media type', async () => {
      const store = await open();
      for (const wrong of [
        { ...label, name: '' },
        { ...label, mediaType: '' },
      ])
        await expect(store.put(Buffer.from('x'), wrong).catch(codeOf)).resolves.toBe('invalid');
    });
  });
}
