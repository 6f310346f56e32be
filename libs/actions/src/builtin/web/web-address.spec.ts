import { AllowedHosts, isPublicAddress, refusedAddresses } from './web-address.js';

describe('AllowedHosts', () => {
  const allowed = new AllowedHosts(['127.0.0.1:8080', 'intranet.example', '*.corp.example', '[::1]:9000', '10.0.0.5']);

  it.each([
    ['http://127.0.0.1:8080/x', true],
    ['http://127.1:8080/', true],
    ['http://127.0.0.1/', false],
    ['http://127.0.0.1:8081/', false],
    ['https://intranet.example/', true],
    ['http://INTRANET.example.:99/', true],
    ['http://intranet.example.evil.com/', false],
    ['http://x.corp.example/', true],
    ['http://corp.example/', false],
    ['http://evilcorp.example/', false],
    ['http://[::1]:9000/', true],
    ['http://[0:0::1]:9000/', true],
    ['http://10.0.0.5/', true],
  ])('%s: %s', (url, expected) => expect(allowed.has(new URL(url))).toBe(expected));

  it('refuses an entry that is no host', () => {
    for (const entry of ['', 'http://a/', 'a b', '*', '10.0.0.0/8'])
      expect(() => new AllowedHosts([entry])).toThrow(/web.allow: /);
  });
});

describe('public addresses', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '100.100.100.200',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '64:ff9b::808:808',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'not an address',
  ])('%s is none', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['93.184.216.34', '8.8.8.8', '172.15.0.1', '172.32.0.1', '2606:4700:4700::1111', '::ffff:93.184.216.34'])(
    '%s is one',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it('one bad address among several is enough, and an allowed name still leads to no metadata service', () => {
    expect(refusedAddresses('h', ['93.184.216.34', '10.0.0.1'], false)).toBe(
      'h leads to 10.0.0.1, which is no public address',
    );
    expect(refusedAddresses('h', [], true)).toBe('h has no address');
    expect(refusedAddresses('h', ['10.0.0.1'], true)).toBeNull();
    for (const address of ['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254', 'fe80::1'])
      expect(refusedAddresses('h', [address], true)).toMatch(/no public address/);
  });
});
