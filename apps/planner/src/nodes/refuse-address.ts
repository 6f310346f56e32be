import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { PraxisError, type NodeSpec } from '@praxis/core';
import { firstUnsafe, unsafeHost } from '@praxis/inference';
import { isLoopback } from '@praxis/platform';

/** Resolves a name; the addresses it has. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/**
 * Fails where the address of a registered node leads to the machine's own services or to those of its cloud: the
 * planner and the executors send requests to it. A name is judged by all its addresses; one that has none now is taken,
 * and judged again at every connection (`openNodeNetwork`).
 */
export async function refuseUnsafeAddress(
  { name, url }: Pick<NodeSpec, 'name' | 'url'>,
  planner: string,
  resolve: Resolve = resolveAll,
): Promise<void> {
  // The parser has written decimal, octal and hexadecimal forms as four numbers already.
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const rules = { loopback: isLoopback(planner) };
  const addresses = isIP(host) === 0 && unsafeHost(host, rules) === null ? await resolve(host).catch(() => []) : [];
  const why = firstUnsafe([host, ...addresses], rules);
  if (why !== null) throw refused(name, why);
}

const resolveAll: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

function refused(name: string, why: string): PraxisError {
  return new PraxisError(
    'denied',
    `The URL of ${name} ${why}. A node that must be called there can be named in the settings (docs/nodes.md).`,
    { details: { field: 'spec.url' } },
  );
}
