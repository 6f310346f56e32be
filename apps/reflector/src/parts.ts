import type { Clock, Logger, WorldCatalog } from '@praxis/core';
import type { Queues } from '@praxis/platform';
import type { PlanRequest, SearchResult } from '@praxis/search';
import type { Store } from '@praxis/store';
import type { ServerSecurity } from '@praxis/wire';

/** What the reflector is built from; the composition root chooses each. */
export interface ReflectorParts {
  /** Where to listen, `host:port`. */
  readonly address: string;
  /** Without it, everybody who reaches the address is served. */
  readonly security?: ServerSecurity | undefined;
  readonly log: Logger;
  readonly store: Pick<Store, 'journal' | 'archive' | 'work'>;
  readonly queues: Queues;
  readonly worlds: WorldCatalog;
  readonly search: (request: PlanRequest, signal: AbortSignal) => Promise<SearchResult>;
  readonly clock: Clock;
}
