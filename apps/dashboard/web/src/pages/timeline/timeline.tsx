import { useCallback, useMemo, useRef, useState } from 'react';
import type { LiveState } from '../../api/live.js';
import type { RunModel } from '../../model/run-model.js';
import { countEntries, filterEntries, type TimelineFilter } from '../../model/timeline-filter.js';
import { TimelineHead } from './timeline-head.js';
import { TimelineRow } from './timeline-row.js';
import { useFollow, type Follow } from './use-follow.js';
import { useRows } from './use-rows.js';

const EMPTY: Readonly<Record<TimelineFilter, string>> = {
  all: 'Nothing happened yet.',
  steps: 'Nothing was done yet.',
  failures: 'Nothing failed.',
  people: 'Nobody was asked anything.',
};

interface TimelineProps {
  readonly model: RunModel;
  readonly state: LiveState;
  /** It was over when the page was opened: then there is nothing to follow. */
  readonly isOver: boolean;
  readonly selected: string | null;
  readonly select: (node: string | null) => void;
}

/** Everything that happened in a run, in order; thousands of rows, of which only the visible ones are drawn. */
export function Timeline({ model, state, isOver, selected, select }: TimelineProps) {
  const [filter, setFilter] = useState<TimelineFilter>('all');
  const [opened, setOpened] = useState<string | null>(null);
  const isRunning = model.ended === null && !isOver;
  const entries = useMemo(() => filterEntries(model.entries, filter, selected), [model.entries, filter, selected]);
  const counts = useMemo(() => countEntries(model.entries, selected), [model.entries, selected]);
  const box = useRef<HTMLDivElement>(null);
  const rows = useRows(box, entries, opened);
  const follow = useFollow(box, entries.length, isRunning);
  const { pause } = follow;
  const open = useCallback(
    (key: string | null) => {
      setOpened(key);
      // Who reads a row does not want it to scroll away.
      if (key !== null) pause();
    },
    [pause],
  );
  return (
    <section className="pane timeline" aria-label="Timeline">
      <TimelineHead filter={filter} setFilter={setFilter} counts={counts} selected={selected} select={select}>
        {isRunning && <FollowSwitch follow={follow} />}
        {state === 'reconnecting' && (
          <span className="tag tone-warn" role="status">
            reconnecting …
          </span>
        )}
      </TimelineHead>
      <div
        className="pane-body rows"
        ref={box}
        onScroll={rows.onScroll}
        onWheel={follow.onWheel}
        onPointerDown={follow.onPointerDown}
        tabIndex={0}
        role="region"
        aria-label="Rows of the timeline"
      >
        {entries.length === 0 && <p className="rows-empty quiet">{EMPTY[filter]}</p>}
        <div role="list" style={{ paddingTop: rows.before, paddingBottom: rows.after }}>
          {entries.slice(rows.from, rows.to).map((entry, i) => (
            <TimelineRow
              key={entry.key}
              entry={entry}
              model={model}
              place={rows.from + i + 1}
              size={entries.length}
              isOpen={entry.key === opened}
              toggle={open}
              measure={rows.measure}
            />
          ))}
        </div>
      </div>
    </section>
  );
}

/** Whether the newest rows are kept in view, and the choice of it. */
function FollowSwitch({ follow }: { readonly follow: Follow }) {
  return (
    <label className="switch">
      <input type="checkbox" checked={follow.isOn} onChange={(event) => follow.set(event.target.checked)} /> Follow
    </label>
  );
}
