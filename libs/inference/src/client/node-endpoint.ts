import { PraxisError, type Engine, type NodeSpec } from '@praxis/core';

/** Where one node is reached, with its key. Never logged, never thrown: `toJSON` leaves the key out. */
export interface NodeEndpoint {
  readonly name: string;
  /** Where its API begins, such as http://gpu1:8000/v1. */
  readonly url: string;
  readonly engine: Engine;
  readonly key: string | null;
}

/** How long a node may take, in milliseconds. */
export interface NodePatience {
  /** Until the first piece of the answer; at most 300 000, where the platform's own limit stands. */
  readonly beginMs: number;
  /** Between two pieces. */
  readonly pauseMs: number;
  /** For everything. */
  readonly wholeMs: number;
}

/** A long prompt on a busy node begins in a minute or two; a node that pauses for one is gone. */
export const DEFAULT_PATIENCE: NodePatience = { beginMs: 120_000, pauseMs: 60_000, wholeMs: 600_000 };

/**
 * The endpoint of a node as its owner described it; `keyOf` reads the variable that holds its key, where it may be sent
 * there.
 */
export function endpointOf(
  { name, url, engine, keyVariable }: NodeSpec,
  keyOf: (variable: string, url: string) => string | undefined,
): NodeEndpoint {
  const key = keyVariable === null ? null : (keyOf(keyVariable, url)?.trim() ?? null);
  if (key !== null && !/^[\x21-\x7e]*$/.test(key))
    throw new PraxisError(
      'invalid',
      `The key of node ${name} in ${keyVariable} holds characters that no key has; set the variable again.`,
    );
  const endpoint = { name, url: url.replace(/\/+$/, ''), engine, key: key === '' ? null : key };
  return Object.defineProperty(endpoint, 'toJSON', { value: () => ({ name, url, engine }), enumerable: false });
}
