import { networkInterfaces } from 'node:os';

const WILDCARD = /^(0\.0\.0\.0|\[?::\]?|\*)$/;

/** The address at which others find what listens at `address`: for all interfaces, the first one of this machine. */
export function reachableAddress(address: string, interfaces: typeof networkInterfaces = networkInterfaces): string {
  const at = address.lastIndexOf(':');
  if (!WILDCARD.test(address.slice(0, at))) return address;
  const found = Object.values(interfaces())
    .flatMap((list) => list ?? [])
    .filter((i) => !i.internal && !i.address.startsWith('fe80:'));
  const host = found.find((i) => i.family === 'IPv4')?.address ?? found.map((i) => `[${i.address}]`)[0] ?? '127.0.0.1';
  return `${host}${address.slice(at)}`;
}
