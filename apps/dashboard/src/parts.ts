import type { ArtifactStore, Logger } from '@praxis/core';
import type { HttpHandler, QueueBoard } from '@praxis/platform';
import type { ArchiveApi, PlannerApi } from '@praxis/wire';
import { fileURLToPath } from 'node:url';

/** What the dashboard asks the planner: it only looks. */
export type Seen = Pick<PlannerApi, 'get' | 'list' | 'watch' | 'watchRuns' | 'questions' | 'overview' | 'explain'>;

/** What the dashboard is built from; the composition root chooses each. */
export interface DashboardParts {
  /** Where to listen, `host:port`; port 0 takes a free one. */
  readonly address: string;
  readonly log: Logger;
  readonly planner: Seen;
  readonly archive: Pick<ArchiveApi, 'get' | 'list'>;
  /** The files of runs. */
  readonly artifacts: Pick<ArtifactStore, 'get'>;
  readonly board: QueueBoard;
  /** SHA-256 of the keys that let somebody look, in hexadecimal; without any, everybody may. */
  readonly keyHashes: readonly string[];
  /** Names under which it is found besides those of this machine; matters where no key is asked for. */
  readonly hosts?: readonly string[];
  /** Certificate and key, PEM; null for plain HTTP. */
  readonly tls: { readonly cert: string | Buffer; readonly key: string | Buffer } | null;
  /** Answers Prometheus; null where nothing is measured. */
  readonly metrics: HttpHandler | null;
  /** Of the product. */
  readonly version: string;
  /** Where the page was built. */
  readonly pageDir: string;
  readonly pace?: Partial<Pace>;
}

/** How often what happens, in milliseconds. */
export interface Pace {
  /** Events that come within this are told together. */
  readonly batchMs: number;
  /** A stream on which nothing was told for so long tells that it is still there, before a proxy gives it up. */
  readonly heartbeatMs: number;
  /** A browser that has taken nothing for so long is let go; it comes back by itself. */
  readonly stallMs: number;
  /** How often the overview is told while somebody looks. */
  readonly overviewMs: number;
  /** First wait before the planner is asked again; it grows to ten times that. */
  readonly pauseMs: number;
}

export const PACE: Pace = { batchMs: 50, heartbeatMs: 15_000, stallMs: 60_000, overviewMs: 2_000, pauseMs: 500 };

/** Where the build puts the page. */
export const PAGE_DIR = fileURLToPath(new URL('../dist/web', import.meta.url));
