import { SkillCatalog, type DeclaredSkill } from '@praxis/actions';
import type { Clock, Logger, WorldCatalog } from '@praxis/core';
import type { ModelAccess } from '@praxis/inference';
import type { Queues } from '@praxis/platform';
import type { PlanRequest, SearchResult } from '@praxis/search';
import type { Store } from '@praxis/store';
import type { findPinned } from '@praxis/strategy';
import type { ServerSecurity } from '@praxis/wire';

/** What an executor is built from; the composition root chooses each. */
export interface ExecutorParts {
  /** Where to listen, `host:port`. */
  readonly address: string;
  /** Without it, everybody who reaches the address is served. */
  readonly security?: ServerSecurity | undefined;
  /** How it signs its work. */
  readonly name: string;
  /** Which lanes it takes jobs from, and how many at a time from each. */
  readonly lanes: readonly string[];
  readonly concurrency: number;
  readonly log: Logger;
  /** Where others find it; without it, where it listens. */
  readonly announce?: string | undefined;
  readonly store: Pick<Store, 'journal' | 'feed' | 'executors' | 'blobs' | 'leases' | 'artifacts'>;
  readonly queues: Queues;
  readonly worlds: WorldCatalog;
  /** Skills that the settings' file declares, besides those of the worlds. */
  readonly declared?: readonly DeclaredSkill[] | undefined;
  /** The skills besides those of the worlds; without it, those that are `declared`. */
  readonly catalog?: SkillCatalog | undefined;
  readonly clock: Clock;
  /** Finds the strategy to which a run is pinned; this release's presets where nothing is said. */
  readonly findStrategy?: typeof findPinned;
  /** Null where there is no model to ask. */
  readonly models?: ModelAccess | null;
  readonly search: (request: PlanRequest, signal: AbortSignal) => Promise<SearchResult>;
}

/** The skills besides those of the worlds. */
export const catalogOf = ({ catalog, declared = [], clock, log }: ExecutorParts): SkillCatalog =>
  catalog ?? new SkillCatalog({ declared, sources: [], clock, log });
