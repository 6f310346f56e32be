import type { RunStatus, RunSummary } from '../../../src/api.js';

/** Which runs are looked at; it stands in the address, so that a link shows the same. */
export interface RunQuery {
  readonly status: RunStatus | null;
  readonly world: string | null;
  readonly space: string | null;
  readonly text: string | null;
  /** Where the page begins; null is the first page. */
  readonly page: string | null;
}

export const STATUSES: readonly RunStatus[] = ['running', 'waiting', 'paused', 'done', 'failed', 'cancelled'];
export const PAGE_SIZE = 50;

/** Reads the address; what it does not know it leaves out. */
export function readRunQuery(params: URLSearchParams): RunQuery {
  const get = (name: string): string | null => params.get(name)?.trim() || null;
  const status = get('status');
  return {
    status: STATUSES.find((s) => s === status) ?? null,
    world: get('world'),
    space: get('space'),
    text: get('text'),
    page: get('page'),
  };
}

function write(query: RunQuery): URLSearchParams {
  return new URLSearchParams(
    Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== ''),
  );
}

/** The address of our page for a query; a changed filter begins on the first page. */
export function runsHref(query: RunQuery, change: Partial<RunQuery> = {}): string {
  const text = write({ ...query, page: null, ...change }).toString();
  return text === '' ? '/' : `/?${text}`;
}

/** The question to the server for a query. */
export function runsPath(query: RunQuery): string {
  const params = write(query);
  params.set('size', String(PAGE_SIZE));
  return `/api/runs?${params.toString()}`;
}

/** Whether a run belongs into the list, as far as can be told here. */
export function fits(run: RunSummary, { status, world, space, text }: RunQuery): boolean {
  if (status !== null && run.status !== status) return false;
  if (world !== null && run.world !== world) return false;
  if (space !== null && run.space !== space) return false;
  if (text === null) return true;
  const sought = text.toLowerCase();
  return run.title.toLowerCase().includes(sought) || run.id.startsWith(sought);
}

/** A page of runs as they now are, and how many newer ones wait to be shown. */
export interface LiveRuns {
  readonly rows: readonly RunSummary[];
  readonly fresh: readonly RunSummary[];
}

/**
 * Brings a listed page up to date. Rows stay where they are, also when they no longer fit the filter: nothing jumps
 * under the cursor. Runs that are newer than the page are set apart, newest first.
 */
export function mergeNews(
  listed: readonly RunSummary[],
  shown: ReadonlySet<string>,
  news: ReadonlyMap<string, RunSummary>,
  query: RunQuery,
): LiveRuns {
  const rows = listed.map((run) => news.get(run.id) ?? run);
  if (query.page !== null) return { rows, fresh: [] };
  const known = new Set(listed.map((run) => run.id));
  const newest = listed[0]?.acceptedAt ?? 0;
  const fresh = [...news.values()].filter(
    (run) => !known.has(run.id) && run.acceptedAt >= newest && (shown.has(run.id) || fits(run, query)),
  );
  return { rows, fresh: fresh.sort((a, b) => b.acceptedAt - a.acceptedAt) };
}
