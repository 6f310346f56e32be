import { memo, useLayoutEffect, useRef } from 'react';
import type { RunModel } from '../../model/run-model.js';
import type { Entry } from '../../model/timeline-entry.js';
import { offset } from '../../model/words.js';
import { MomentLine } from './moment-line.js';
import { StepDetail } from './step-detail.js';
import { StepLine } from './step-line.js';

interface TimelineRowProps {
  readonly entry: Entry;
  readonly model: RunModel;
  readonly place: number;
  readonly size: number;
  readonly isOpen: boolean;
  readonly toggle: (key: string | null) => void;
  readonly measure: (height: number) => void;
}

/** One row: a step, which can be opened, or something else that happened. */
export const TimelineRow = memo(
  TimelineRowPlain,
  (a, b) => a.entry === b.entry && a.isOpen === b.isOpen && a.place === b.place && a.size === b.size && !b.isOpen,
);

function TimelineRowPlain({ entry, model, place, size, isOpen, toggle, measure }: TimelineRowProps) {
  const holder = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = holder.current;
    if (!isOpen || !element) return;
    const observer = new ResizeObserver(() => measure(element.getBoundingClientRect().height));
    observer.observe(element);
    return () => observer.disconnect();
  }, [isOpen, measure]);
  const at = offset(entry.at - (model.startedAt ?? entry.at));
  return (
    <div
      role="listitem"
      aria-posinset={place}
      aria-setsize={size}
      ref={holder}
      className={`row row-${entry.kind} ${isOpen ? 'row-open' : ''}`}
    >
      {entry.kind === 'moment' ? (
        <MomentLine entry={entry} at={at} />
      ) : (
        <>
          <StepLine
            entry={entry}
            model={model}
            at={at}
            isOpen={isOpen}
            onToggle={() => toggle(isOpen ? null : entry.key)}
          />
          {isOpen && <StepDetail step={entry} model={model} />}
        </>
      )}
    </div>
  );
}
