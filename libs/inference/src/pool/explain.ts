import { PraxisError, type NodeChoice } from '@praxis/core';
import type { Picked } from './choose.js';
import type { NodeJob } from './node-job.js';
import type { NodeState } from './node-state.js';
import type { RuledOut } from './rule-out.js';

/** Every node with its score, or with what spoke against it. */
export function explain(
  nodes: readonly NodeState[],
  picked: Picked,
  whyNot: (node: NodeState) => string,
): NodeChoice['considered'] {
  const scored = new Map(picked.scored.map((one) => [one.name, one]));
  return nodes.map((node) => {
    const name = node.spec.name;
    const one = scored.get(name);
    return one
      ? { node: name, score: one.score, parts: { ...one.parts }, ruledOut: null }
      : { node: name, score: null, parts: {}, ruledOut: whyNot(node) };
  });
}

/** What a job fails with at its deadline. */
export function deadlinePassed(): PraxisError {
  return new PraxisError(
    'timeout',
    'The deadline of the run passed before a model had answered. Give the goal more time, or add inference nodes.',
  );
}

/** What a job fails with that no node can take; `ruledOut` holds every node that there is. */
export function noNode(job: NodeJob, ruledOut: ReadonlyMap<NodeState, RuledOut>): PraxisError {
  if (ruledOut.size === 0)
    return new PraxisError(
      'unavailable',
      'There is no inference node. Name one in the settings, or start one that registers itself.',
    );
  const each = [...ruledOut].map(([node, { why }]) => `${node.spec.name}: ${why}`);
  return new PraxisError(
    'unavailable',
    `No inference node can answer a call of ${job.model}. ${each.join('; ')}. See \`praxis nodes\`.`,
  );
}
