import { BlockList, isIP } from 'node:net';
import { PraxisError } from '@praxis/core';

/** Networks whose addresses are no public ones (IANA special-purpose registries). */
const SPECIAL = subnets([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
  ...['::1/128', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
  ...['5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
]);
/** Where clouds answer with credentials, and what is no host: not even an allowed name may lead there. */
const NEVER = subnets([
  '169.254.0.0/16',
  '100.100.100.200/32',
  '192.0.0.192/32',
  '168.63.129.16/32',
  'fe80::/10',
  'fd00:ec2::254/128',
]);
/** Names of this machine and of clouds' own services. */
const OWN_NAMES = /^(localhost|.*\.localhost|metadata|metadata\.google\.internal|instance-data(\..*)?)\.?$/i;

/** Whether an address belongs to a host of the public network. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return false;
  if (family === 4) return !SPECIAL.check(address, 'ipv4');
  // `::` and the old forms of IPv4 in IPv6; a mapped address is judged by the rules of IPv4. A rule for ::/96 or for
  // ::ffff:0:0/96 in the list would match every plain IPv4 address.
  return !/^::(?!ffff:)/i.test(address) && !SPECIAL.check(address, 'ipv6');
}

/** Hosts of one's own that skills may ask besides the public ones. */
export class AllowedHosts {
  readonly #entries: readonly { readonly host: string; readonly port: string | null }[];

  /** Entries such as `intranet.example`, `*.corp.example`, `127.0.0.1:8080`, `[::1]:8080`; `invalid` for any other. */
  constructor(entries: readonly string[]) {
    this.#entries = entries.map((entry) => {
      const found = /^(\*\.)?(\[[\da-f:.]+\]|[\p{L}\d._-]+)(?::(\d{1,5}))?$/iu.exec(entry.trim());
      if (found === null)
        throw new PraxisError(
          'invalid',
          `web.allow: ${entry} is no host. Write a name or an address, with a port where only that one is meant, such as 127.0.0.1:8080.`,
        );
      const [, star = '', host = '', port = null] = found;
      // As an address of the web writes it: 127.1 is 127.0.0.1, and names have lower case.
      return { host: `${star}${new URL(`http://${host}/`).hostname}`, port };
    });
  }

  has(url: URL): boolean {
    const host = url.hostname.replace(/\.$/, '');
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return this.#entries.some(
      (entry) =>
        (entry.port === null || entry.port === port) &&
        (entry.host === host || (entry.host.startsWith('*.') && host.endsWith(entry.host.slice(1)))),
    );
  }
}

/** Why a host is not asked, whatever it resolves to; null where its addresses decide. */
export function refusedHost(url: URL, isAllowed: boolean): string | null {
  if (isAllowed) return null;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (OWN_NAMES.test(host)) return `${host} is a name of this machine or of a cloud's own services`;
  return isIP(host) !== 0 && !isPublicAddress(host) ? `${host} is no public address` : null;
}

/** Why a name is not asked at the addresses that it has now; null where all of them may be. */
export function refusedAddresses(host: string, addresses: readonly string[], isAllowed: boolean): string | null {
  if (addresses.length === 0) return `${host} has no address`;
  const bad = addresses.find((address) =>
    isAllowed ? NEVER.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') : !isPublicAddress(address),
  );
  return bad === undefined ? null : `${host} leads to ${bad}, which is no public address`;
}

function subnets(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split('/') as [string, string];
    list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
