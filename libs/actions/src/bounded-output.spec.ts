import {
  VALUE_LIMIT,
  isArtifactRef,
  type ArtifactRef,
  type ArtifactStore,
  type Json,
  type Observation,
} from '@praxis/core';
import { boundedOutput } from './bounded-output.js';

const kept: string[] = [];
const artifacts: ArtifactStore = {
  async put(bytes, label): Promise<ArtifactRef> {
    kept.push(Buffer.from(bytes as Uint8Array).toString());
    return { $artifact: 'b'.repeat(64), size: (bytes as Uint8Array).byteLength, ...label };
  },
  get: () => {
    throw new Error('is not read here');
  },
  has: async () => new Map(),
};
const seen = (value: Json): Observation => ({
  result: { ok: true, message: 'done', output: { value, artifacts: [], taint: ['http:a'] } },
  state: null,
});

describe('boundedOutput', () => {
  it('leaves a value that fits an event as it is', async () => {
    const small = seen({ rows: [1, 2, 3] });
    expect(await boundedOutput(small, artifacts)).toBe(small);
  });

  it('makes an artifact of a larger one, with a preview, and keeps the taint', async () => {
    const large = { text: 'é'.repeat(VALUE_LIMIT) };
    const { result } = await boundedOutput(seen(large), artifacts);
    const { output } = result as Extract<Observation['result'], { ok: true }>;
    expect(isArtifactRef(output!.value)).toBe(true);
    expect(output!.taint).toEqual(['http:a']);
    expect((output!.value as { readonly preview: string }).preview).toMatch(/^{"text":"é+ …$/);
    expect(kept).toEqual([JSON.stringify(large)]);
  });

  it('counts bytes and not characters', async () => {
    const { result } = await boundedOutput(seen('é'.repeat(VALUE_LIMIT / 2)), artifacts);
    expect(isArtifactRef((result as Extract<Observation['result'], { ok: true }>).output!.value)).toBe(true);
  });

  it('leaves failures and plain messages alone', async () => {
    const failed: Observation = { result: { ok: false, code: 'timeout', message: '' }, state: null };
    expect(await boundedOutput(failed, artifacts)).toBe(failed);
  });
});
