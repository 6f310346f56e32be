import type { ApprovalRule, Clock, Logger, NodeView, RunId, WorldCatalog } from '@praxis/core';
import type { ModelAccess } from '@praxis/inference';
import type { Queues } from '@praxis/platform';
import type { SkillCatalog } from '@praxis/actions';
import type { Store } from '@praxis/store';
import type { ArchiveApi, ExecutorApi, ServerSecurity } from '@praxis/wire';
import type { Caps } from './goals/caps.js';
import type { Search } from './planning/search-planner.js';

/** What the planner is built from; the composition root chooses each. */
export interface PlannerParts {
  /** Where to listen, `host:port`. */
  readonly address: string;
  /** Without it, everybody who reaches the address is served. */
  readonly security?: ServerSecurity | undefined;
  readonly log: Logger;
  readonly store: Store;
  /** Skills that checks of goals may call; without it, checks that need one are not evaluated. */
  readonly catalog?: SkillCatalog | undefined;
  readonly queues: Queues;
  readonly worlds: WorldCatalog;
  readonly archive: ArchiveApi;
  /** What the executors of the cluster offer together. */
  readonly executor: Pick<ExecutorApi, 'describe'>;
  readonly search: Search;
  /** Null where there is no model to ask. */
  readonly models?: ModelAccess | null;
  /** How the inference nodes stand in the pool of this process; without it only what they registered is told. */
  readonly nodes?: { views(): Promise<readonly NodeView[]> } | undefined;
  /**
   * Whether callers that need show nothing may register nodes though the network can call; no where nothing is said.
   */
  readonly openNodes?: boolean | undefined;
  /** The deployment's approval rules; a run is pinned to those it begins with. */
  readonly approvals: readonly ApprovalRule[];
  /** How often people are reminded of an open question, in milliseconds. */
  readonly remindMs: number;
  /** What is kept of ended runs; null: no bound. */
  readonly retention: { readonly maxAgeMs: number | null; readonly maxBytes: number | null };
  /** Largest history file that is taken in, in bytes. */
  readonly importBytes?: number | undefined;
  readonly clock: Clock;
  readonly newRunId: () => RunId;
  /** What one goal and one tenant may have at most; no bound where nothing is said. */
  readonly caps?: Caps | undefined;
  /**
   * How long a planner has a run to itself without saying that it is still there, in milliseconds; 3,000 where nothing
   * is said.
   */
  readonly leaseMs?: number;
  /** How often the sweep looks for work that should move, in milliseconds. */
  readonly sweepMs: number;
}
