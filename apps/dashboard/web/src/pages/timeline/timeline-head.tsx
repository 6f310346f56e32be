import type { ReactNode } from 'react';
import type { countEntries, TimelineFilter } from '../../model/timeline-filter.js';
import { Choices } from '../../ui/choices.js';
import { Icon } from '../../ui/icon.js';

interface TimelineHeadProps {
  readonly filter: TimelineFilter;
  readonly setFilter: (filter: TimelineFilter) => void;
  readonly counts: ReturnType<typeof countEntries>;
  readonly selected: string | null;
  readonly select: (node: string | null) => void;
  /** How the run stands, between what is shown and what can be chosen. */
  readonly children: ReactNode;
}

/** The head of the timeline: which subgoal it shows, and the choice of what to show. */
export function TimelineHead({ filter, setFilter, counts, selected, select, children }: TimelineHeadProps) {
  return (
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
      {children}
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
  );
}
