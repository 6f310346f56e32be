import { useLayoutEffect, useState, type RefObject } from 'react';

/** Changes smaller than this do not lay out anew. */
const COARSE = 40;

/** How much room an element has, coarsely; null until it is known. */
export function useRoom(
  holder: RefObject<HTMLElement | null>,
): { readonly width: number; readonly height: number } | null {
  const [room, setRoom] = useState<{ width: number; height: number } | null>(null);
  useLayoutEffect(() => {
    const element = holder.current;
    if (!element) return;
    const look = (): void => {
      const { width, height } = element.getBoundingClientRect();
      if (width < COARSE || height < COARSE) return;
      setRoom((before) =>
        before && Math.abs(before.width - width) < COARSE && Math.abs(before.height - height) < COARSE
          ? before
          : { width, height },
      );
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [holder]);
  return room;
}
