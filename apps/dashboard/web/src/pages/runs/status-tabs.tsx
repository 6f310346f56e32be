import type { Overview } from '../../../../src/api.js';
import { Link } from '../../route/link.js';
import { runsHref, STATUSES, type RunQuery } from '../../model/run-query.js';
import { number } from '../../model/words.js';
import { StatusMark } from '../../ui/status.js';

/** How many runs stand how; each count is a filter. */
export function StatusTabs({ query, overview }: { readonly query: RunQuery; readonly overview: Overview | null }) {
  const total = overview ? STATUSES.reduce((n, status) => n + overview.runs[status], 0) : null;
  return (
    <nav className="tabs" aria-label="Runs by status">
      <Link href={runsHref(query, { status: null })} aria-current={query.status === null ? 'true' : undefined}>
        All <span className="num quiet">{total === null ? '' : number(total)}</span>
      </Link>
      {STATUSES.map((status) => (
        <Link
          key={status}
          href={runsHref(query, { status })}
          aria-current={query.status === status ? 'true' : undefined}
        >
          <StatusMark status={status} />{' '}
          <span className="num quiet">{overview ? number(overview.runs[status]) : ''}</span>
        </Link>
      ))}
    </nav>
  );
}
