import { NODE_HEIGHT, NODE_WIDTH, scaleOf, type Layout } from './plan-layout.js';

/** Smaller than this nobody can read a box: rather look at a part, and then well. */
const FITS_FROM = 0.7;
const READABLE = 0.8;
const MARGIN = 0.96;

/** Whether the whole plan can be read at once. */
export const fitsInto = (layout: Layout, room: { readonly width: number; readonly height: number }): boolean =>
  scaleOf(layout, room) * MARGIN >= FITS_FROM;

/**
 * Where to look at first: at the whole plan where it can be read, otherwise at what is going on, or at its beginning.
 */
export function viewOf(
  layout: Layout,
  room: { readonly width: number; readonly height: number },
  busy: readonly string[],
): { x: number; y: number; zoom: number } {
  const whole = scaleOf(layout, room) * MARGIN;
  const fits = whole >= FITS_FROM;
  const zoom = fits ? Math.min(1.1, whole) : READABLE;
  const first = busy.map((id) => layout.places.get(id)).find((place) => place !== undefined);
  const centre =
    first && !fits
      ? { x: first.x + NODE_WIDTH / 2, y: first.y + NODE_HEIGHT / 2 }
      : { x: layout.width / 2, y: layout.height / 2 };
  const along = (middle: number, size: number, space: number, atStart: boolean): number => {
    if (size * zoom <= space) return (space - size * zoom) / 2;
    if (atStart && !first) return 12;
    return Math.min(12, Math.max(space - size * zoom - 12, space / 2 - middle * zoom));
  };
  const isAcross = layout.direction === 'LR';
  return {
    zoom,
    x: along(centre.x, layout.width, room.width, isAcross),
    y: along(centre.y, layout.height, room.height, !isAcross),
  };
}
