import { useMemo, useRef, useState } from 'react';
import { Background, Controls, MiniMap, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import '../../styles/graph.css';
import type { PlanVersion, RunModel } from '../../model/run-model.js';
import { standingOf, wantedOf, workOf } from '../../model/run-words.js';
import { subgoalLine, wantedWords } from '../../model/literals.js';
import { bestLayout, NODE_HEIGHT, NODE_WIDTH, type Layout } from './plan-layout.js';
import { WayEdge, type Way } from './way-edge.js';
import { statusTone } from '../../ui/status.js';
import { SubgoalNode, type SubgoalBox } from './subgoal-node.js';
import { useRoom } from './use-room.js';
import { fitsInto, viewOf } from './first-view.js';

const NODE_TYPES = { subgoal: SubgoalNode };
const EDGE_TYPES = { way: WayEdge };

/** In a narrow place a finger scrolls the page, and a wheel too. */
const WIDE = 500;
const MAP = { width: 132, height: 96 };

interface PlanGraphProps {
  readonly model: RunModel;
  readonly shown: PlanVersion;
  readonly selected: string | null;
  readonly select: (node: string) => void;
}

/** The plan as a directed graph, drawn in whichever direction fits better. */
export function PlanGraph(props: PlanGraphProps) {
  const holder = useRef<HTMLDivElement>(null);
  const room = useRoom(holder);
  const { version, nodes } = props.shown.plan;
  // Laid out once: a room that changes while one reads must not turn the graph around.
  const known = useRef<{ version: number; layout: Layout } | null>(null);
  if (room && known.current?.version !== version) known.current = { version, layout: bestLayout(nodes, room) };
  const layout = known.current?.layout;
  return (
    <div className="graph" ref={holder}>
      {room && layout && (
        <Canvas {...props} room={room} layout={layout} key={`${version}:${room.width}:${room.height}`} />
      )}
    </div>
  );
}

function Canvas({
  model,
  shown,
  selected,
  select,
  room,
  layout,
}: PlanGraphProps & { readonly room: { readonly width: number; readonly height: number }; readonly layout: Layout }) {
  const nodes = useMemo(
    () => boxesOf(model, shown, layout, selected, select),
    [model, shown, layout, selected, select],
  );
  const edges = useMemo(() => edgesOf(model, shown, layout, selected), [model, shown, layout, selected]);
  // Where to look at first is decided once; afterwards the user moves.
  const [view] = useState(() =>
    viewOf(layout, room, [...(selected === null ? [] : [selected]), ...busyNodes(model, shown)]),
  );
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      defaultViewport={view}
      minZoom={0.1}
      maxZoom={1.5}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      zoomOnDoubleClick={false}
      preventScrolling={room.width > WIDE}
      panOnScroll={room.width > WIDE}
      zoomOnScroll={false}
      autoPanOnNodeFocus
      onlyRenderVisibleElements={shown.plan.nodes.length > 150}
      aria-label={`Plan v${shown.plan.version} with ${shown.plan.nodes.length} subgoals; the outline says the same in words`}
    >
      <Background gap={22} size={1} />
      <Controls showInteractive={false} />
      {!fitsInto(layout, room) && room.width > WIDE && (
        <MiniMap<SubgoalBox>
          style={MAP}
          pannable
          zoomable
          nodeClassName={(box) => `tone-${statusTone(box.data.standing)}`}
          ariaLabel="Where in the plan"
        />
      )}
    </ReactFlow>
  );
}

function boxesOf(
  model: RunModel,
  { plan, diff, reason }: PlanVersion,
  layout: Layout,
  selected: string | null,
  select: (node: string) => void,
): SubgoalBox[] {
  const wanted = wantedWords(wantedOf(model));
  const added = new Set(reason === 'first' ? [] : diff.added);
  return plan.nodes.map((node) => ({
    id: node.id,
    type: 'subgoal',
    position: layout.places.get(node.id)!,
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    data: {
      node,
      title: subgoalLine(node, wanted),
      work: workOf(model, node.id),
      standing: standingOf(model, node.id),
      isSelected: node.id === selected,
      isAdded: added.has(node.id),
      isAcross: layout.direction === 'LR',
      select,
    },
  }));
}

/** What is going on, or what failed: worth looking at first. */
function busyNodes(model: RunModel, { plan }: PlanVersion): readonly string[] {
  const ids = (status: string): string[] =>
    plan.nodes.filter((n) => workOf(model, n.id).status === status).map((n) => n.id);
  return [...ids('dispatched'), ...ids('failed')];
}

function edgesOf(model: RunModel, { plan }: PlanVersion, layout: Layout, selected: string | null): Way[] {
  const ids = new Set(plan.nodes.map((n) => n.id));
  return plan.nodes.flatMap((node) =>
    node.after
      .filter((from) => ids.has(from))
      .map((from) => ({
        id: `${from}>${node.id}`,
        type: 'way' as const,
        data: { points: layout.ways.get(`${from}>${node.id}`) ?? [], direction: layout.direction },
        source: from,
        target: node.id,
        animated: standingOf(model, node.id) === 'dispatched',
        className:
          from === selected || node.id === selected
            ? 'edge-near'
            : workOf(model, from).status === 'done'
              ? 'edge-done'
              : '',
      })),
  );
}
