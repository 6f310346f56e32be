import { useCallback, useLayoutEffect, useState, type RefObject } from 'react';
import type { Entry } from '../../model/timeline-entry.js';

/** Which rows are drawn, and how much empty room stands for the others. */
export interface Rows {
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly after: number;
  readonly onScroll: () => void;
  /** Takes the height of the one row that is open. */
  readonly measure: (height: number) => void;
}

const ROW = 34;
const ROW_NARROW = 54;
const OVERSCAN = 12;
const NARROW = '(max-width: 760px)';

/** Draws only the rows in view: all are equally high, but for the one that is open. */
export function useRows(box: RefObject<HTMLElement | null>, entries: readonly Entry[], opened: string | null): Rows {
  const [view, setView] = useState({ top: 0, height: 600 });
  const [extra, setExtra] = useState(0);
  const row = matchMedia(NARROW).matches ? ROW_NARROW : ROW;
  const onScroll = useCallback(() => {
    const element = box.current;
    if (element) setView({ top: Math.floor(element.scrollTop / row) * row, height: element.clientHeight });
  }, [box, row]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(onScroll);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, onScroll]);
  const openAt = opened === null ? -1 : entries.findIndex((e) => e.key === opened);
  const more = openAt < 0 ? 0 : Math.max(0, extra - row);
  const indexAt = (y: number): number =>
    Math.floor((openAt >= 0 && y > openAt * row + more ? y - more : Math.min(y, openAt >= 0 ? openAt * row : y)) / row);
  const from = Math.max(0, indexAt(view.top) - OVERSCAN);
  const to = Math.min(entries.length, indexAt(view.top + view.height) + OVERSCAN + 1);
  const heightOf = (count: number, has: boolean): number => count * row + (has ? more : 0);
  return {
    from,
    to,
    before: heightOf(from, openAt >= 0 && openAt < from),
    after: heightOf(Math.max(0, entries.length - to), openAt >= to),
    onScroll,
    measure: setExtra,
  };
}
