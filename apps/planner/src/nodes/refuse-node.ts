import { NODE_SILENCE_MS, PraxisError, type NodeSpec, type NodeView, type RegisteredNode } from '@praxis/core';
import { refuseUnsafeUrl } from '@praxis/inference';
import { isLoopback } from '@praxis/platform';
import type { PlannerParts } from '../parts.js';

/**
 * What the variables begin with that registered nodes may name: a description must not lead to any other secret of
 * ours.
 */
const KEY_VARIABLE = /^NODE_KEY_[A-Z0-9_]+$/;

/** Each registered node is asked how it is every second, by the planner and by every executor. */
const MOST_NODES = 256;

/** Where the planner listens, and what it asks of its callers. */
export type Door = Pick<PlannerParts, 'address' | 'security' | 'openNodes'>;

/** Fails where the network may call the planner and show nothing: whoever registers a node decides where prompts go. */
export function rejectOnPublicBind({ address, security, openNodes }: Door): void {
  const isGuarded =
    isLoopback(address) || (security?.keyHashes.length ?? 0) > 0 || (security?.tls?.clientCa ?? null) !== null;
  if (isGuarded || openNodes === true) return;
  throw new PraxisError(
    'denied',
    `The planner at ${address} asks the network for nothing, so that it takes no nodes from it: whoever registers a node decides where prompts go. Ask for a key (PRAXIS_API_KEY_HASHES; \`praxis key\` makes one) or for certificates (PRAXIS_TLS_CLIENTS=certified), or name the node in the planner's settings (docs/nodes.md).`,
  );
}

/** Fails where a description could give a secret away, or cannot be called. */
export function refuseUnsafeSpec({ name, url, keyVariable }: NodeSpec): void {
  refuseUnsafeUrl({ name, url });
  if (keyVariable !== null && !KEY_VARIABLE.test(keyVariable)) {
    throw wrong(
      'keyVariable',
      `The variable ${keyVariable} of ${name} must begin with NODE_KEY_, so that a node can be sent no other secret of the callers; rename it, or name the node in the settings.`,
    );
  }
}

/** Fails where the name stands for another node already, which would get calls in its place or lose them. */
export function refuseTakenName(
  { name, url }: NodeSpec,
  views: readonly NodeView[],
  registered: readonly RegisteredNode[],
  now: number,
): void {
  if (views.some((view) => view.origin === 'settings' && view.spec.name === name)) {
    throw new PraxisError('conflict', `A node of the settings is called ${name}; choose another name.`);
  }
  const there = registered.find((node) => node.spec.name === name);
  if (there && there.spec.url !== url && now - there.seenAt <= NODE_SILENCE_MS) {
    throw new PraxisError(
      'conflict',
      `Another node is called ${name}, at ${there.spec.url}, and was there a moment ago; choose another name, or stop that one first (\`praxis nodes remove ${name}\` takes out what is left of it).`,
    );
  }
}

/** Fails where a new node would be one too many. */
export function refuseTooMany({ name }: NodeSpec, registered: readonly RegisteredNode[], most = MOST_NODES): void {
  if (registered.length < most || registered.some((node) => node.spec.name === name)) return;
  throw new PraxisError(
    'exhausted',
    `${most} nodes are registered, and no more are taken; take out those that are gone (\`praxis nodes remove NAME\`), or name nodes in the settings.`,
  );
}

function wrong(field: string, message: string): PraxisError {
  return new PraxisError('invalid', message, { details: { field: `spec.${field}` } });
}
