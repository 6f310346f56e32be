import { memo } from 'react';
import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react';
import type { Layout, Point } from './plan-layout.js';

/** An edge that goes around the boxes, as the layout found its way. */
export type Way = Edge<{ readonly points: readonly Point[]; readonly direction: Layout['direction'] }, 'way'>;

/** A smooth line through the points, which leaves and enters each in the direction of the graph. */
export function pathThrough(points: readonly Point[], direction: Layout['direction']): string {
  return points
    .map((to, i) => {
      const from = points[i - 1];
      if (!from) return `M${to.x},${to.y}`;
      const middle = direction === 'LR' ? (from.x + to.x) / 2 : (from.y + to.y) / 2;
      return direction === 'LR'
        ? `C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`
        : `C${from.x},${middle} ${to.x},${middle} ${to.x},${to.y}`;
    })
    .join(' ');
}

/** Draws an edge along its way. */
export const WayEdge = memo(function WayEdge({ id, data }: EdgeProps<Way>) {
  return data ? <BaseEdge id={id} path={pathThrough(data.points, data.direction)} /> : null;
});
