import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { LiveState } from '../../api/live.js';
import type { RunModel } from '../../model/run-model.js';
import { countEntries, filterEntries, type TimelineFilter } from '../../model/timeline-filter.js';
import { Choices } from '../../ui/choices.js';
import { Icon } from '../../ui/icon.js';
import { useKeys } from '../../ui/use-keys.js';
import { TimelineRow } from './timeline-row.js';
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
  const [isFollowing, setIsFollowing] = useState(true);
  const entries = useMemo(() => filterEntries(model.entries, filter, selected), [model.entries, filter, selected]);
  const counts = useMemo(() => countEntries(model.entries, selected), [model.entries, selected]);
  const box = useRef<HTMLDivElement>(null);
  const rows = useRows(box, entries, opened);
  const follows = isFollowing && isRunning;
  useEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [follows, entries.length]);
  useKeys(useMemo(() => ({ f: () => setIsFollowing((on) => !on) }), []));
  const open = useCallback((key: string | null) => {
    setOpened(key);
    // Who reads a row does not want it to scroll away.
    if (key !== null) setIsFollowing(false);
  }, []);
  // Nor does who is about to click want the rows to move away below the pointer.
  const onPointerDown = (event: { target: EventTarget }): void => {
    if (event.target instanceof Element && event.target.closest('[data-row]')) setIsFollowing(false);
  };
  const onWheel = (event: { deltaY: number }): void => {
    if (event.deltaY < 0) setIsFollowing(false);
  };
  return (
    <section className="pane timeline" aria-label="Timeline">
      <header className="pane-head">
        <h2>Timeline</h2>
        {selected !== null && (
          <button
            type="button"
            className="chip chip-close"
            onClick={() => select(null)}
            aria-label={`Only subgoal ${selected}; show all`}
          >
            {selected} <Icon name="close" />
          </button>
        )}
        {isRunning && (
          <label className="switch">
            <input type="checkbox" checked={isFollowing} onChange={(event) => setIsFollowing(event.target.checked)} />{' '}
            Follow
          </label>
        )}
        {state === 'reconnecting' && (
          <span className="tag tone-warn" role="status">
            reconnecting …
          </span>
        )}
        <Choices
          name="What to show"
          value={filter}
          options={{
            all: 'All',
            steps: `Steps ${counts.steps}`,
            failures: counts.failures === 0 ? 'Failures' : `Failures ${counts.failures}`,
            people: `People ${counts.people}`,
          }}
          onChange={setFilter}
        />
      </header>
      <div
        className="pane-body rows"
        ref={box}
        onScroll={rows.onScroll}
        onWheel={onWheel}
        onPointerDown={onPointerDown}
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
