import { graphlib, layout as arrange } from '@dagrejs/dagre';
import type { PlanNode } from '../../../../src/api.js';

export const NODE_WIDTH = 208;
export const NODE_HEIGHT = 68;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything stands, and how big it is altogether. */
export interface Layout {
  readonly direction: 'LR' | 'TB';
  readonly places: ReadonlyMap<string, Point>;
  /** The way of each edge around the boxes, by `from>to`. */
  readonly ways: ReadonlyMap<string, readonly Point[]>;
  readonly width: number;
  readonly height: number;
}

function layOut(nodes: readonly PlanNode[], direction: 'LR' | 'TB'): Layout {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: direction, nodesep: 20, ranksep: 34, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  const ids = new Set(nodes.map((n) => n.id));
  for (const { id } of nodes) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { id, after } of nodes) for (const from of after) if (ids.has(from)) graph.setEdge(from, id);
  arrange(graph);
  const places = new Map(
    nodes.map(({ id }) => {
      const { x, y } = graph.node(id);
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }];
    }),
  );
  const edges = graph.edges() as readonly { readonly v: string; readonly w: string }[];
  const ways = new Map(
    edges.map(({ v, w }) => {
      const bends = (graph.edge(v, w) as { readonly points: readonly Point[] }).points.slice(1, -1);
      // One bend is only the middle between neighbours: a plain curve is calmer.
      return [
        `${v}>${w}`,
        [leaving(graph.node(v), direction), ...(bends.length > 1 ? bends : []), entering(graph.node(w), direction)],
      ];
    }),
  );
  const { width = 0, height = 0 } = graph.graph();
  return { direction, places, ways, width, height };
}

const leaving = ({ x, y }: Point, direction: 'LR' | 'TB'): Point =>
  direction === 'LR' ? { x: x + NODE_WIDTH / 2, y } : { x, y: y + NODE_HEIGHT / 2 };
const entering = ({ x, y }: Point, direction: 'LR' | 'TB'): Point =>
  direction === 'LR' ? { x: x - NODE_WIDTH / 2, y } : { x, y: y - NODE_HEIGHT / 2 };

/** The scale at which a layout fits into a room. */
export const scaleOf = (layout: Layout, room: { readonly width: number; readonly height: number }): number =>
  Math.min(room.width / layout.width, room.height / layout.height);

/** From top to bottom reads better beside the timeline, unless the other way is clearly larger. */
const MUST_GAIN = 1.15;

/** Left to right or top to bottom: whichever can be drawn larger in this room. */
export function bestLayout(
  nodes: readonly PlanNode[],
  room: { readonly width: number; readonly height: number },
): Layout {
  const down = layOut(nodes, 'TB');
  const across = layOut(nodes, 'LR');
  return scaleOf(across, room) > scaleOf(down, room) * MUST_GAIN ? across : down;
}
