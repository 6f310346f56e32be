import { useMemo, useRef, useState } from 'react';
import type { RunSummary } from '../../../../src/api.js';
import { mergeNews, type RunQuery } from '../../model/run-query.js';
import { newsStore } from '../../state/news.js';
import { useStore } from '../../state/store.js';

/** The rows to show, and what is held back so that nothing jumps under the cursor. */
export interface LiveRows {
  readonly rows: readonly RunSummary[] | null;
  readonly held: number;
  readonly showHeld: () => void;
  /** Tells that somebody points at the rows, or no longer does. */
  readonly touch: (isTouched: boolean) => void;
}

/** Keeps a listed page up to date: new runs appear on top, unless somebody points at the rows; then they wait. */
export function useLiveRuns(listed: readonly RunSummary[] | null, query: RunQuery): LiveRows {
  const { runs } = useStore(newsStore);
  const [isTouched, setIsTouched] = useState(false);
  const shown = useRef<{ listed: readonly RunSummary[] | null; ids: Set<string> }>({ listed: null, ids: new Set() });
  const [, setRound] = useState(0);
  if (shown.current.listed !== listed) shown.current = { listed, ids: new Set() };
  const live = useMemo(
    () => (listed ? mergeNews(listed, shown.current.ids, runs, query) : null),
    [listed, runs, query],
  );
  if (live && !isTouched) for (const run of live.fresh) shown.current.ids.add(run.id);
  const visible = live ? live.fresh.filter((run) => shown.current.ids.has(run.id)) : [];
  return {
    rows: live && [...visible, ...live.rows],
    held: (live?.fresh.length ?? 0) - visible.length,
    showHeld: () => {
      for (const run of live?.fresh ?? []) shown.current.ids.add(run.id);
      setRound((n) => n + 1);
    },
    touch: setIsTouched,
  };
}
