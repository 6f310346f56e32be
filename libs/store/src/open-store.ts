import { randomUUID } from 'node:crypto';
import type {
  ArtifactStore,
  BlobStore,
  Clock,
  EventFeed,
  Journal,
  Logger,
  NodeRegistry,
  RunId,
  SessionStore,
} from '@praxis/core';
import { outside } from '@praxis/platform';
import { PrismaPg } from '@prisma/adapter-pg';
import type { ArtifactPlug } from './artifacts/artifact-plug.js';
import { FolderArtifactStore } from './artifacts/folder-artifacts.js';
import { PostgresArtifacts } from './artifacts/postgres-artifacts.js';
import { mapDatabaseErrors } from './database-error.js';
import { openPool, type Database } from './database.js';
import { ExecutorRegistry } from './executor-registry.js';
import { Listener } from './feed/listener.js';
import { Notifier } from './feed/notifier.js';
import { PostgresFeed } from './feed/postgres-feed.js';
import { WakeUps } from './feed/wake-ups.js';
import { PrismaClient } from './generated/client.js';
import { exportRun } from './history-file/export-run.js';
import { importRun } from './history-file/import-run.js';
import { Leases } from './leases.js';
import { EventCache } from './journal/event-cache.js';
import { PostgresJournal } from './journal/postgres-journal.js';
import { PostgresNodeRegistry } from './node-registry.js';
import { PostgresArchive } from './postgres-archive.js';
import { PostgresBlobs } from './postgres-blobs.js';
import { PostgresSessions } from './postgres-sessions.js';
import { QuestionReads } from './reads/question-reads.js';
import { RunReads } from './reads/run-reads.js';
import { WorkReads } from './reads/work-reads.js';
import { collectGarbage, type GcReport, type GcRequest } from './retention/collector.js';
import { Schedules } from './schedules.js';

export interface StoreOptions {
  readonly url: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** Most connections of this process, besides the one on which it hears of news; 10 where nothing is said. */
  readonly poolSize?: number;
  /** Where artifacts are stored, and how large one may be; in the database and 256 MiB where nothing is said. */
  readonly artifacts?: { readonly folder?: string | null; readonly maxBytes?: number };
}

/** Follows runs, and tells which runs changed. */
export interface RunFeed extends EventFeed {
  /**
   * The ids of runs that have new events, as many as there are when asked, until the signal aborts; an id may come
   * again.
   */
  listenRuns(signal: AbortSignal): AsyncIterable<readonly string[]>;
}

/** Everything that Praxis keeps. */
export interface Store {
  readonly journal: Journal;
  readonly feed: RunFeed;
  readonly runs: RunReads;
  readonly work: WorkReads;
  readonly leases: Leases;
  readonly questions: QuestionReads;
  readonly archive: PostgresArchive;
  readonly sessions: SessionStore;
  readonly blobs: BlobStore;
  readonly artifacts: ArtifactStore;
  readonly executors: ExecutorRegistry;
  readonly nodes: NodeRegistry;
  readonly schedules: Schedules;
  /** A run as the lines of a history file, without line ends. */
  exportRun(run: RunId): AsyncIterable<string>;
  /** Takes in a run that has ended; one that is here already is left as it is. Gives its id. */
  importRun(lines: AsyncIterable<string>, limits?: { readonly mostBytes: number }): Promise<RunId>;
  /** Whether a run under this id came out of a history file, or an import of one was begun. */
  isImported(run: RunId): Promise<boolean>;
  /** Clears away ended runs past the limits, and what nobody needs any more. */
  collectGarbage(request: GcRequest): Promise<GcReport>;
  /** Fails with `unavailable` when the database does not answer. */
  ping(): Promise<void>;
  /** Finishes what is under way and lets go of all connections. */
  close(): Promise<void>;
}

/** Opens the store of a database that was migrated; fails when it cannot be reached or was not. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { url, log, clock, poolSize = 10 } = options;
  const pool = openPool(url, poolSize, log);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const sender = randomUUID();
  const wakeUps = new WakeUps();
  const notifier = new Notifier(pool, sender, log);
  const listener = new Listener({ url, sender, wakeUps, log });
  const onWritten = (runs: ReadonlySet<string>): void => {
    wakeUps.wake(runs);
    notifier.changed(runs);
  };
  const cache = new EventCache();
  const journal = new PostgresJournal({ database: pool, clock, cache, onWritten });
  const blobs = new PostgresBlobs(pool, clock);
  const artifacts = openArtifacts(pool, options);
  const ping = async (): Promise<void> => void (await mapDatabaseErrors(pool.query('select length from runs limit 0')));
  const close = async (): Promise<void> => {
    await journal.settle();
    await notifier.settle();
    await listener.close();
    await prisma.$disconnect();
    await pool.end();
  };
  try {
    await ping();
    // The first query of Prisma loads its compiler and holds up the event loop for a tenth of a second; better now than
    // later.
    await prisma.run.findFirst({ select: { id: true } });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    journal,
    feed: new PostgresFeed({
      database: pool,
      cache,
      wakeUps,
      clock,
      log,
      onFollow: () => outside(() => listener.start()),
    }),
    runs: new RunReads(prisma),
    work: new WorkReads(pool, clock),
    leases: new Leases(pool),
    questions: new QuestionReads(pool),
    archive: new PostgresArchive(prisma),
    sessions: new PostgresSessions(pool, clock),
    blobs,
    artifacts,
    executors: new ExecutorRegistry(pool, clock),
    nodes: new PostgresNodeRegistry(pool, clock, log),
    schedules: new Schedules(pool),
    exportRun: (run) => exportRun(pool, artifacts, run),
    importRun: (lines, limits) => importRun(lines, { database: pool, journal, blobs, artifacts, ...limits }),
    isImported: (run) => isImported(pool, run),
    collectGarbage: (request) => collectGarbage(pool, artifacts, request),
    ping,
    close,
  };
}

function openArtifacts(
  database: Database,
  { artifacts: { folder, maxBytes } = {}, clock }: StoreOptions,
): ArtifactPlug {
  return folder
    ? new FolderArtifactStore(folder, { maxBytes, clock })
    : new PostgresArtifacts(database, clock, { maxBytes });
}

async function isImported(database: Database, run: RunId): Promise<boolean> {
  const found = await mapDatabaseErrors(database.query('select from imports where run = $1', [run]));
  return (found.rowCount ?? 0) > 0;
}
