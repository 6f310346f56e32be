import { canonical, digest, PraxisError, type ArtifactRef, type ArtifactStore } from '@praxis/core';
import { z } from 'zod';
import type { SessionCodec } from '../session-keeper.js';
import { answerSchema, type Answer } from './answers.js';
import { contentOf, type Content } from './content.js';
import { Manifest } from './manifest.js';
import { readArtifact } from './read-artifact.js';

export const WORKSPACE = 'workspace';

/** Everything a session of a workspace is, as its store keeps it. */
export interface WorkspaceBody {
  readonly world: string;
  readonly seed: string;
  /** Digest of the files with which it was opened. */
  readonly opened: string;
  readonly content: Content;
  readonly answers: readonly Answer[];
}

const contentSchema = z.object({ files: z.record(z.string(), z.string()), facts: z.array(z.string()) });
const bodySchema = z.object({
  world: z.literal(WORKSPACE),
  seed: z.string(),
  opened: z.string(),
  content: contentSchema,
  answers: z.array(answerSchema),
});

const plain = ({ manifest, recorded }: Content): z.infer<typeof contentSchema> => ({
  files: manifest.write(),
  facts: [...recorded],
});

const fromPlain = ({ files, facts }: z.infer<typeof contentSchema>): Content => contentOf(Manifest.read(files), facts);

/** A session as text. */
export const workspaceCodec: SessionCodec<WorkspaceBody> = {
  write: ({ content, ...body }) => JSON.stringify({ ...body, content: plain(content) }),
  read(text) {
    const { content, ...body } = bodySchema.parse(JSON.parse(text));
    return { ...body, content: fromPlain(content) };
  },
};

/** What two requests to open one session must agree in. */
export const openedWith = (files: readonly ArtifactRef[]): string =>
  digest(files.map(({ $artifact, name }) => [name, $artifact]));

const SNAPSHOT = /^workspace:([0-9a-f]{64})$/;

/** Stores content as an artifact; the snapshot is its hash, so that equal contents have equal snapshots. */
export async function writeSnapshot(content: Content, artifacts: ArtifactStore): Promise<string> {
  const label = { name: 'workspace.json', mediaType: 'application/json' };
  const { $artifact } = await artifacts.put(new TextEncoder().encode(canonical(plain(content))), label);
  return `workspace:${$artifact}`;
}

/** Content from a snapshot; `invalid` where it is none, or is not stored any more. */
export async function readSnapshot(snapshot: string, artifacts: ArtifactStore): Promise<Content> {
  const sha256 = SNAPSHOT.exec(snapshot)?.[1];
  if (sha256 === undefined)
    throw new PraxisError('invalid', 'This is not a snapshot of a workspace; take one with `snapshot`.');
  try {
    const { bytes } = await readArtifact(artifacts, sha256, Number.MAX_SAFE_INTEGER);
    return fromPlain(contentSchema.parse(JSON.parse(new TextDecoder().decode(bytes))));
  } catch (thrown) {
    const { code, message } = PraxisError.from(thrown);
    if (code === 'unavailable') throw thrown;
    throw new PraxisError('invalid', `The snapshot ${snapshot} cannot be read: ${message} Take a new one.`, {
      cause: thrown,
    });
  }
}
