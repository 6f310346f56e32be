import { BlockList, isIP } from 'node:net';

/**
 * Addresses at which no node is: those of the link alone, where clouds answer with credentials, and those of no host.
 */
const NOWHERE = subnets([
  '169.254.0.0/16',
  '0.0.0.0/8',
  '224.0.0.0/3',
  '100.100.100.200/32',
  '192.0.0.192/32',
  'fe80::/10',
  'fd00:ec2::254/128',
  'ff00::/8',
  '::/128',
  '64:ff9b::a9fe:0/112',
]);
const LOOPBACK = subnets(['127.0.0.0/8', '::1/128', '64:ff9b::7f00:0/104']);

/** Names by which clouds' own services are called. */
const METADATA = /^(metadata|metadata\.google\.internal|instance-data(\..*)?)\.?$/i;

/** Where a node that registered itself may be. */
export interface AddressRules {
  /** On this very machine too: everybody who may register works on it. */
  readonly loopback: boolean;
}

/** Why a host is none at which a node may be, to be read after "The URL of gpu1"; null where it may. */
export function unsafeHost(host: string, { loopback }: AddressRules): string | null {
  if (METADATA.test(host)) return "is a name of a cloud's own services";
  const family = isIP(host);
  if (family === 0) return null;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (NOWHERE.check(host, type)) return 'is an address of the link or of no host, where no node is';
  if (!loopback && LOOPBACK.check(host, type))
    return "is this machine's own address, while the planner listens to the network; use the address at which the others find it";
  return null;
}

/** Why the first of several names and addresses is none at which a node may be; null where all may. */
export function firstUnsafe(hosts: readonly string[], rules: AddressRules): string | null {
  for (const host of hosts) {
    const why = unsafeHost(host, rules);
    if (why !== null) return why;
  }
  return null;
}

function subnets(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split('/') as [string, string];
    list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
