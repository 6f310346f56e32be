import type { Tool } from '../../../../src/api.js';
import { chooseTools, TRUSTS, toolsHref, type ToolQuery } from '../../model/tool-query.js';
import { TRUST_WORDS } from '../../model/tool-words.js';
import { number } from '../../model/words.js';
import { Link } from '../../route/link.js';
import { go } from '../../route/route.js';
import { Select } from '../../ui/select.js';

/** Which tools to look at: by trust, and by the part of the archive they are kept in. */
export function ToolFilters({ tools, query }: { readonly tools: readonly Tool[]; readonly query: ToolQuery }) {
  const spaces = [...new Set(tools.map((t) => t.space))].sort();
  const sum = (trust: ToolQuery['trust']): string => number(chooseTools(tools, { ...query, trust }).length);
  return (
    <div className="runs-tools">
      <nav className="tabs" aria-label="Tools by trust">
        <Link href={toolsHref({ ...query, trust: null })} aria-current={query.trust === null ? 'true' : undefined}>
          All <span className="num quiet">{sum(null)}</span>
        </Link>
        {TRUSTS.map((trust) => (
          <Link
            key={trust}
            href={toolsHref({ ...query, trust })}
            aria-current={query.trust === trust ? 'true' : undefined}
            title={TRUST_WORDS[trust]}
          >
            <span className={`trust trust-${trust}`}>{trust}</span> <span className="num quiet">{sum(trust)}</span>
          </Link>
        ))}
      </nav>
      <div className="filters">
        <Select
          name="space"
          value={query.space}
          options={spaces}
          onChange={(space) => go(toolsHref({ ...query, space }))}
        />
      </div>
    </div>
  );
}
