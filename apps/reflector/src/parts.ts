import type { Clock, Logger, WorldCatalog } from '@praxis/core';
import type { Queues } from '@praxis/platform';
import type { PlanRequest, SearchResult } from '@praxis/search';
import type { Store } from '@praxis/store';

/** What the reflector is built from; the composition root chooses each. */
export interface ReflectorParts {
  /** Where to listen, `host:port`. */
  readonly address: string;
  readonly log: Logger;
  readonly store: Pick<Store, 'journal' | 'archive' | 'work'>;
  readonly queues: Queues;
  readonly worlds: WorldCatalog;
  readonly search: (request: PlanRequest, signal: AbortSignal) => Promise<SearchResult>;
  readonly clock: Clock;
}
