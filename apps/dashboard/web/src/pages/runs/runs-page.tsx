import { useEffect, useMemo } from 'react';
import type { RunPage, RunSummary } from '../../../../src/api.js';
import { readRunQuery, runsPath, type RunQuery } from '../../model/run-query.js';
import { useAnswer } from '../../state/answer.js';
import { newsStore } from '../../state/news.js';
import { useStore } from '../../state/store.js';
import { FailureBox, Skeleton } from '../../ui/states.js';
import { FlowStrip } from './flow-strip.js';
import { NoRuns } from './no-runs.js';
import { Pager } from './pager.js';
import { RunFilters } from './run-filters.js';
import { RunsTable } from './runs-table.js';
import { StatusTabs } from './status-tabs.js';
import { useLiveRuns } from './use-live-runs.js';

/** All runs: how the system stands, and a list that can be filtered, searched and paged. */
export function RunsPage({ query: params }: { readonly query: URLSearchParams }) {
  const text = params.toString();
  const query = useMemo(() => readRunQuery(new URLSearchParams(text)), [text]);
  const { overview, connection } = useStore(newsStore);
  const { data, failure, isFresh, reload } = useAnswer<RunPage>(runsPath(query));
  // What changed during a break was not told: list again.
  useEffect(() => {
    if (connection > 1) reload();
  }, [connection, reload]);
  const { rows, held, showHeld, touch } = useLiveRuns(data?.runs ?? null, query);
  return (
    <>
      <h1 className="unseen">Runs</h1>
      <FlowStrip overview={overview} />
      <section className="runs" aria-label="Runs">
        <div className="runs-tools">
          <StatusTabs query={query} overview={overview} />
          <RunFilters query={query} runs={rows ?? []} />
        </div>
        {failure && <FailureBox failure={failure} onRetry={reload} />}
        <NewRuns held={held} show={showHeld} />
        {rows ? (
          <Rows rows={rows} query={query} isFresh={isFresh} touch={touch} />
        ) : (
          !failure && <Skeleton rows={10} className="skeleton-table" />
        )}
        {data && isFresh && <Pager query={query} next={data.next} />}
      </section>
    </>
  );
}

/** Runs that came while somebody points at the rows. */
function NewRuns({ held, show }: { readonly held: number; readonly show: () => void }) {
  const words = held === 1 ? '1 new run' : `${held} new runs`;
  return (
    <div aria-live="polite">
      {held > 0 && (
        <button type="button" className="pill" onClick={show}>
          {words}, show
        </button>
      )}
    </div>
  );
}

function Rows({
  rows,
  query,
  isFresh,
  touch,
}: {
  readonly rows: readonly RunSummary[];
  readonly query: RunQuery;
  readonly isFresh: boolean;
  readonly touch: (isTouched: boolean) => void;
}) {
  if (rows.length > 0) return <RunsTable rows={rows} isStale={!isFresh} touch={touch} />;
  return isFresh ? <NoRuns query={query} /> : <Skeleton rows={10} className="skeleton-table" />;
}
