import { memo } from 'react';
import { Handle, Position, useReactFlow, type Node, type NodeProps } from '@xyflow/react';
import type { PlanNode } from '../../../../src/api.js';
import type { NodeWork } from '../../model/run-model.js';
import type { standingOf } from '../../model/run-words.js';
import { visibleText } from '../../model/visible-text.js';
import { count } from '../../model/words.js';
import { statusTone, StatusMark } from '../../ui/status.js';
import { Text } from '../../ui/text.js';
import { NODE_HEIGHT, NODE_WIDTH } from './plan-layout.js';

/** What a box of the graph shows. */
export interface SubgoalData extends Record<string, unknown> {
  readonly node: PlanNode;
  readonly title: string;
  readonly work: NodeWork;
  readonly standing: ReturnType<typeof standingOf>;
  readonly isSelected: boolean;
  readonly isAdded: boolean;
  readonly isAcross: boolean;
  readonly select: (node: string) => void;
}

export type SubgoalBox = Node<SubgoalData, 'subgoal'>;

/** One subgoal as a box of the graph; a button, so that the keyboard reaches it. */
export const SubgoalNode = memo(function SubgoalNode({
  data,
  positionAbsoluteX,
  positionAbsoluteY,
}: NodeProps<SubgoalBox>) {
  const flow = useReactFlow();
  const { node, title, work, standing, isSelected, isAdded, isAcross, select } = data;
  // A box that the keyboard reaches must be seen.
  const reveal = (box: HTMLElement): void => {
    if (box.matches(':focus-visible'))
      void flow.setCenter(positionAbsoluteX + NODE_WIDTH / 2, positionAbsoluteY + NODE_HEIGHT / 2, {
        zoom: flow.getZoom(),
      });
  };
  return (
    <>
      <Handle type="target" position={isAcross ? Position.Left : Position.Top} isConnectable={false} />
      <button
        type="button"
        className={`box-node tone-${statusTone(standing)}`}
        aria-pressed={isSelected}
        onClick={() => select(node.id)}
        onFocus={(event) => reveal(event.currentTarget)}
      >
        <span className="box-top">
          <StatusMark status={standing} word={false} />
          <span className="num">{node.id}</span>
          {node.owner !== null && <Text value={node.owner} className="box-owner" />}
          {node.lane !== 'default' && <Text value={node.lane} className="tag" />}
          {isAdded && (
            <span className="tag diff-added" title="added in this version">
              + new
            </span>
          )}
          <span className="box-steps num">
            {work.attempt > 1 && <span title={`attempt ${work.attempt}`}>×{work.attempt} </span>}
            {work.steps > 0 && <span title={count(work.steps, 'step')}>{work.steps}</span>}
            {work.failed > 0 && (
              <span className="failed-count" title={`${work.failed} failed`}>
                {' '}
                ✕{work.failed}
              </span>
            )}
          </span>
        </span>
        <span className="box-title">{visibleText(title.slice(0, 160))}</span>
      </button>
      <Handle type="source" position={isAcross ? Position.Right : Position.Bottom} isConnectable={false} />
    </>
  );
});
