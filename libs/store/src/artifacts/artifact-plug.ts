import type { ArtifactStore } from '@praxis/core';

/** A stored artifact as the collector sees it. */
export interface StoredArtifact {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** When it was last put or asked for, in milliseconds since 1970-01-01 UTC. */
  readonly keptAt: number;
}

/** An artifact store that can be cleared of what nothing refers to. */
export interface ArtifactPlug extends ArtifactStore {
  /** All artifacts, in no order. */
  list(): AsyncIterable<StoredArtifact>;
  /**
   * Deletes those of the artifacts that were neither put nor asked for after `keptSince`; gives those that it deleted.
   * One process at a time calls it.
   */
  remove(sha256: readonly string[], keptSince: number): Promise<readonly string[]>;
  /** Deletes what puts have left that ended without a result before `touchedSince`. */
  removeUnfinished(touchedSince: number): Promise<void>;
}

/** What every plug needs. */
export interface ArtifactPlugOptions {
  /** The largest artifact that it takes, in bytes; 256 MiB where nothing is said. */
  readonly maxBytes?: number | undefined;
}
