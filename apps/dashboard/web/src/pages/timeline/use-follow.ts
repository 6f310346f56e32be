import { useCallback, useEffect, useMemo, useState, type RefObject } from 'react';
import { useKeys } from '../../ui/use-keys.js';

/** Whether the newest rows are kept in view, and what ends that. */
export interface Follow {
  readonly isOn: boolean;
  readonly set: (isOn: boolean) => void;
  readonly pause: () => void;
  readonly onPointerDown: (event: { readonly target: EventTarget }) => void;
  readonly onWheel: (event: { readonly deltaY: number }) => void;
}

/** Keeps the end of a running timeline in view until somebody looks elsewhere; the key f turns it on and off. */
export function useFollow(box: RefObject<HTMLElement | null>, rows: number, isRunning: boolean): Follow {
  const [isOn, set] = useState(true);
  const follows = isOn && isRunning;
  useEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [box, follows, rows]);
  useKeys(useMemo(() => ({ f: () => set((on) => !on) }), []));
  const pause = useCallback(() => set(false), []);
  return {
    isOn,
    set,
    pause,
    // Who is about to click does not want the rows to move away below the pointer.
    onPointerDown: ({ target }) => {
      if (target instanceof Element && target.closest('[data-row]')) pause();
    },
    onWheel: ({ deltaY }) => {
      if (deltaY < 0) pause();
    },
  };
}
