import type { NetworkInterfaceInfo } from 'node:os';
import { reachableAddress } from './own-address.js';

const on = (family: 'IPv4' | 'IPv6', address: string, internal = false): NetworkInterfaceInfo =>
  ({
    family,
    address,
    internal,
    netmask: '',
    mac: '',
    cidr: null,
    ...(family === 'IPv6' && { scopeid: 0 }),
  }) as NetworkInterfaceInfo;
const lo = { lo: [on('IPv4', '127.0.0.1', true)] };

describe('reachableAddress', () => {
  it.each(['127.0.0.1:1', 'executor:50052', '10.0.0.7:50052'])('is where it listens: %s', (address) =>
    expect(reachableAddress(address, () => lo)).toBe(address),
  );

  it.each(['0.0.0.0:50052', '[::]:50052'])('is an address of the machine where it listens on all: %s', (address) => {
    expect(reachableAddress(address, () => ({ ...lo, eth0: [on('IPv6', 'fe80::1'), on('IPv4', '172.18.0.5')] }))).toBe(
      '172.18.0.5:50052',
    );
    expect(reachableAddress(address, () => ({ ...lo, eth0: [on('IPv6', 'fe80::1'), on('IPv6', 'fd00::5')] }))).toBe(
      '[fd00::5]:50052',
    );
    expect(reachableAddress(address, () => lo)).toBe('127.0.0.1:50052');
  });
});
