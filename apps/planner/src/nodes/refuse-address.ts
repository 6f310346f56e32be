import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { PraxisError, type NodeSpec } from '@praxis/core';
import { isLoopback } from '@praxis/platform';

/** Resolves a name; the addresses it has. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** Addresses at which no node is: those of the link alone, where clouds answer with credentials, and those of no host. */
const NOWHERE = subnets(['169.254.0.0/16', '0.0.0.0/8', '224.0.0.0/3', '100.100.100.200/32', '192.0.0.192/32', 'fe80::/10', 'fd00:ec2::254/128', 'ff00::/8', '::/128', '64:ff9b::a9fe:0/112']);
const LOOPBACK = subnets(['127.0.0.0/8', '::1/128', '64:ff9b::7f00:0/104']);

/** Names by which clouds' own services are called. */
const METADATA = /^(metadata|metadata\.google\.internal|instance-data(\..*)?)\.?$/i;

/**
 * Fails where the address of a registered node leads to the machine's own services or to those of its cloud: the planner
 * and the executors send requests to it. A name is judged by all its addresses; one that has none now is taken.
 */
export async function refuseUnsafeAddress({ name, url }: Pick<NodeSpec, 'name' | 'url'>, planner: string, resolve: Resolve = resolveAll): Promise<void> {
  // The parser has written decimal, octal and hexadecimal forms as four numbers already.
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (METADATA.test(host)) throw refused(name, 'is a name of a cloud\'s own services');
  const addresses = isIP(host) !== 0 ? [host] : await resolve(host).catch(() => []);
  for (const address of addresses) {
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (NOWHERE.check(address, family)) throw refused(name, 'is an address of the link or of no host, where no node is');
    if (LOOPBACK.check(address, family) && !isLoopback(planner)) throw refused(name, 'is this machine\'s own address, while the planner listens to the network; use the address at which the others find it');
  }
}

const resolveAll: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

function refused(name: string, why: string): PraxisError {
  return new PraxisError('denied', `The URL of ${name} ${why}. A node that must be called there can be named in the settings (docs/nodes.md).`, { details: { field: 'spec.url' } });
}

function subnets(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split('/') as [string, string];
    list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
