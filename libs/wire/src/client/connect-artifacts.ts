import { ARTIFACT_PART_BYTES, type ArtifactLabel, type ArtifactStore } from '@praxis/core';
import { fromArtifact } from '../convert/output.js';
import { need } from '../convert/parse.js';
import { ArtifactServiceService as rpc, type PutArtifactRequest } from '../gen/praxis/v1/artifact.js';
import { Caller, type ClientOptions, type Closable } from './caller.js';

/** The artifacts of a cluster: the planner at the address answers for them. */
export function connectArtifacts(address: string, options: ClientOptions = {}): ArtifactStore & Closable {
  const caller = new Caller({ noun: 'planner', address, hint: 'is it running? start it with `praxis start`' }, options);
  const never = new AbortController().signal;
  return {
    put: async (bytes, label) =>
      fromArtifact(need('artifact', (await caller.send(rpc.putArtifact, messages(bytes, label), never)).artifact)),
    get: async function* (sha256) {
      for await (const { data } of caller.follow(rpc.getArtifact, { sha256 }, never)) yield data;
    },
    has: async (sha256) =>
      new Map(
        Object.entries((await caller.ask(rpc.findArtifacts, { sha256: [...sha256] }, { repeatable: true })).sizes),
      ),
    close: () => caller.close(),
  };
}

async function* messages(
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  label: ArtifactLabel,
): AsyncGenerator<PutArtifactRequest> {
  yield { part: { $case: 'label', value: { name: label.name, mediaType: label.mediaType } } };
  for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes)
    for (let from = 0; from < chunk.length; from += ARTIFACT_PART_BYTES) {
      const data = Buffer.from(chunk.subarray(from, from + ARTIFACT_PART_BYTES));
      yield { part: { $case: 'data', value: data } };
    }
  yield { part: { $case: 'isComplete', value: true } };
}
