import { Link } from '../../route/link.js';
import { runsHref, type RunQuery } from '../../model/run-query.js';
import { Icon } from '../../ui/icon.js';

/** Pages that somebody came through: keyset tokens only lead on. */
const before = new Map<string, string | null>();

/** On to older runs, and back. */
export function Pager({ query, next }: { readonly query: RunQuery; readonly next: string | null }) {
  if (query.page === null && next === null) return null;
  const previous = query.page === null ? undefined : (before.get(query.page) ?? null);
  if (next !== null) before.set(next, query.page);
  return (
    <nav className="pager" aria-label="Pages of runs">
      {previous === undefined ? (
        <span />
      ) : (
        <Link className="button" href={runsHref(query, { page: previous })}>
          <Icon name="previous" /> {previous === null ? 'Newest' : 'Newer'}
        </Link>
      )}
      {next !== null && (
        <Link className="button" href={runsHref(query, { page: next })}>
          Older <Icon name="next" />
        </Link>
      )}
    </nav>
  );
}
