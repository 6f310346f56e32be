import { PraxisError, type Engine, type NodeSpec, type ToolUse } from '@praxis/core';

/** Where one node is reached, with its key. Never logged, never thrown: `toJSON` leaves the key out. */
export interface NodeEndpoint {
  readonly name: string;
  /** Where its API begins, such as http://gpu1:8000/v1. */
  readonly url: string;
  readonly engine: Engine;
  readonly key: string | null;
  /** Whether its models take tools, by name, where its owner or a probe says so. */
  readonly tools?: Readonly<Record<string, ToolUse>>;
  /** Whether the models take tools of which nothing is said by name. */
  readonly otherTools?: ToolUse;
}

/** How long a node may take, in milliseconds. */
export interface NodePatience {
  /** Until the first piece of the answer, where the node does not say that it is at work. */
  readonly beginMs: number;
  /** Until the first piece of the answer, where the node is at work meanwhile: the call waits its turn there. */
  readonly queueMs: number;
  /** Between two pieces. */
  readonly pauseMs: number;
  /** From the first piece to the last. */
  readonly wholeMs: number;
}

/**
 * A machine without an accelerator reads a long prompt for minutes, and says a few words a second. A node that pauses
 * for a minute in the middle of its answer is gone.
 */
export const DEFAULT_PATIENCE: NodePatience = {
  beginMs: 300_000,
  queueMs: 1_800_000,
  pauseMs: 60_000,
  wholeMs: 1_800_000,
};

/**
 * The endpoint of a node as its owner described it; `keyOf` reads the variable that holds its key, where it may be sent
 * there.
 */
export function endpointOf(
  { name, url, engine, keyVariable, serves, tools: otherTools }: NodeSpec,
  keyOf: (variable: string, url: string) => string | undefined,
): NodeEndpoint {
  const key = keyVariable === null ? null : (keyOf(keyVariable, url)?.trim() ?? null);
  if (key !== null && !/^[\x21-\x7e]*$/.test(key))
    throw new PraxisError(
      'invalid',
      `The key of node ${name} in ${keyVariable} holds characters that no key has; set the variable again.`,
    );
  const tools = Object.fromEntries(serves.map((served) => [served.name, served.tools]));
  const endpoint = { name, url: url.replace(/\/+$/, ''), engine, key: key === '' ? null : key, tools, otherTools };
  return Object.defineProperty(endpoint, 'toJSON', { value: () => ({ name, url, engine }), enumerable: false });
}
