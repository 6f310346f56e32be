import { useEffect, useRef, useState } from 'react';
import type { RunSummary } from '../../../../src/api.js';
import { go } from '../../route/route.js';
import { runsHref, type RunQuery } from '../../model/run-query.js';
import { Icon } from '../../ui/icon.js';
import { Select } from '../../ui/select.js';
import { focusRow } from '../../ui/use-keys.js';

const SEARCH_AFTER_MS = 250;

/** Search in titles and ids, and the world and the space to look at. */
export function RunFilters({ query, runs }: { readonly query: RunQuery; readonly runs: readonly RunSummary[] }) {
  return (
    <form className="filters" role="search" onSubmit={toFirstRow}>
      <SearchBox query={query} />
      <Choice name="world" value={query.world} runs={runs} query={query} />
      <Choice name="space" value={query.space} runs={runs} query={query} />
    </form>
  );
}

/** Enter goes from the search to what it found. */
function toFirstRow(event: { preventDefault(): void }): void {
  event.preventDefault();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  focusRow(1);
}

function SearchBox({ query }: { readonly query: RunQuery }) {
  const [text, setText] = useState(query.text ?? '');
  const latest = useRef(query);
  latest.current = query;
  useEffect(() => setText(query.text ?? ''), [query.text]);
  useEffect(() => {
    const wanted = text.trim() || null;
    if (wanted === latest.current.text) return;
    const timer = setTimeout(() => go(runsHref(latest.current, { text: wanted }), true), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label className="search">
      <Icon name="search" />
      <span className="unseen">Search titles and run ids</span>
      <input
        type="search"
        value={text}
        placeholder="Title or run id"
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}

interface ChoiceProps {
  readonly name: 'world' | 'space';
  readonly value: string | null;
  readonly runs: readonly RunSummary[];
  readonly query: RunQuery;
}

/** Offers what was seen since the page was opened: a filtered list must not hide the other choices. */
function Choice({ name, value, runs, query }: ChoiceProps) {
  const seen = useRef(new Set<string>());
  for (const run of runs) seen.current.add(run[name]);
  if (value !== null) seen.current.add(value);
  return (
    <Select
      name={name}
      value={value}
      options={[...seen.current].sort()}
      onChange={(next) => go(runsHref(query, { [name]: next }))}
    />
  );
}
