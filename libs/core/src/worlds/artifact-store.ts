import type { ArtifactRef } from '../values/artifact.js';

/** How an artifact is called and what it is. */
export interface ArtifactLabel {
  readonly name: string;
  readonly mediaType: string;
}

/** How long an artifact is kept that no event refers to yet, in milliseconds. */
export const ARTIFACT_GRACE_MS = 3_600_000;

/** The largest artifact that a store takes unless its settings say otherwise, in bytes. */
export const ARTIFACT_LIMIT = 256 * 1024 * 1024;

/** The size of the parts in which artifacts are stored and sent, in bytes. */
export const ARTIFACT_PART_BYTES = 1024 * 1024;

/**
 * Socket: bytes by their SHA-256, each stored once.
 *
 * artifacts.1 What `put` has acknowledged can be read for as long as an event refers to it; until there is an event,
 *             for at least `ARTIFACT_GRACE_MS` after the last `put` or `has` of its hash.
 * artifacts.2 `put` and `get` stream: neither holds the whole artifact in memory. Equal bytes are stored once.
 * artifacts.3 `get` gives the bytes that were put, or fails: with `missing` where there are none, with `invalid` where
 *             they were damaged.
 */
export interface ArtifactStore {
  /** Stores bytes; fails with `exhausted` where there are more than the store takes. */
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>, label: ArtifactLabel): Promise<ArtifactRef>;
  get(sha256: string): AsyncIterable<Uint8Array>;
  /**
   * Those of the hashes that are stored, with their sizes in bytes. A caller that is about to write an event that refers
   * to an older artifact asks first: from then on it has the same time as after a `put`.
   */
  has(sha256: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** Reads a whole artifact; `invalid` where it is larger than `limit` bytes. */
export type ReadArtifact = (ref: ArtifactRef, limit: number) => Promise<Uint8Array>;
