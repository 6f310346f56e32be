import { ARTIFACT_PART_BYTES, type ArtifactLabel, type ArtifactStore } from '@praxis/core';
import { toArtifact } from '../convert/output.js';
import { invalidField } from '../convert/parse.js';
import type * as artifact from '../gen/praxis/v1/artifact.js';
import { pump } from './pump.js';
import { answer, received, type Method, type StreamCall, type UploadCall } from './server-call.js';

/** The methods that answer for artifacts. */
export interface ArtifactMethods {
  readonly putArtifact: (call: UploadCall<artifact.PutArtifactRequest>) => Promise<artifact.PutArtifactResponse>;
  readonly getArtifact: (
    request: artifact.GetArtifactRequest,
    call: StreamCall<artifact.GetArtifactResponse>,
  ) => Promise<void>;
  readonly findArtifacts: Method<artifact.FindArtifactsRequest, artifact.FindArtifactsResponse>;
}

/** Most files that one request may look for. */
const MOST_HASHES = 1_000;

/** Translates between messages and a store of artifacts. */
export function artifactMethods(store: ArtifactStore): ArtifactMethods {
  return {
    putArtifact: (call) =>
      answer(call, async (signal) => {
        const messages = received(call, signal)[Symbol.asyncIterator]();
        const label = labelOf((await messages.next()).value as artifact.PutArtifactRequest | undefined);
        return { artifact: toArtifact(await store.put(bytesOf(messages), label)) };
      }),
    getArtifact: ({ sha256 }, call) => pump(call, () => parts(store, sha256)),
    findArtifacts: ({ sha256 }, call) =>
      answer(call, async () => {
        if (sha256.length > MOST_HASHES) throw invalidField('sha256', `has more than ${MOST_HASHES} entries`);
        const sizes = await store.has(sha256);
        return { sizes: Object.fromEntries(sizes) };
      }),
  };
}

function labelOf(first: artifact.PutArtifactRequest | undefined): ArtifactLabel {
  if (first?.part?.$case !== 'label') throw invalidField('label', 'is missing; send it in the first message');
  const { name, mediaType } = first.part.value;
  if (name === '') throw invalidField('label.name', 'is missing');
  if (mediaType === '') throw invalidField('label.mediaType', 'is missing');
  return { name, mediaType };
}

/** A part of a file must not be taken for the whole. */
async function* bytesOf(messages: AsyncIterator<artifact.PutArtifactRequest>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { value, done } = await messages.next();
    const part = done === true ? undefined : value.part;
    if (part?.$case === 'isComplete' && part.value) return;
    if (part?.$case !== 'data') throw invalidField('data', 'ended before `is_complete`; send the whole file again');
    yield part.value;
  }
}

async function* parts(store: ArtifactStore, sha256: string): AsyncGenerator<artifact.GetArtifactResponse> {
  for await (const chunk of store.get(sha256))
    for (let from = 0; from < chunk.length; from += ARTIFACT_PART_BYTES)
      yield { data: Buffer.from(chunk.subarray(from, from + ARTIFACT_PART_BYTES)) };
}
