import type { ArtifactRef } from '../values/artifact.js';
import type { Fact } from '../values/state.js';
import type { Observation } from '../acting/observation.js';

/** What a skill outside of a world made and brought about. */
export interface Made {
  /** Files that it wrote; their names are paths. */
  readonly files: readonly ArtifactRef[];
  readonly facts: readonly Fact[];
  /** Sources outside Praxis that wrote parts of the files. */
  readonly taint: readonly string[];
}

/** The files of a world that has some, by path. */
export interface WorldFiles {
  list(): Promise<readonly ArtifactRef[]>;
  find(path: string): Promise<ArtifactRef | null>;
  /** Takes in what a skill made, at most once per key; the observation shows the world after it. */
  record(made: Made, key: string): Promise<Observation>;
}
