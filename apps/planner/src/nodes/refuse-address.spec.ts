import { refuseUnsafeAddress } from './refuse-address.js';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'rebound.example': ['203.0.113.7', '169.254.169.254'],
  'mine.example': ['127.0.0.1'],
  'gpu.example': ['10.0.0.7', 'fd12::7'],
};
const resolve = async (name: string): Promise<readonly string[]> =>
  NAMES[name] ?? Promise.reject(new Error('ENOTFOUND'));
const refuse = (url: string, planner = '0.0.0.0:50051'): Promise<void> =>
  refuseUnsafeAddress({ name: 'n', url }, planner, resolve);
const denied = { code: 'denied', message: expect.stringContaining('The URL of n') };

describe('the address of a node that registers', () => {
  it.each([
    'http://169.254.169.254/v1',
    'http://2852039166/v1',
    'http://0xa9fea9fe/v1',
    'http://0251.0376.0251.0376/v1',
    'http://169.254.43518/v1',
    'http://[::ffff:169.254.169.254]/v1',
    'http://[::ffff:a9fe:a9fe]/v1',
    'http://[fe80::1]/v1',
    'http://[fd00:ec2::254]/v1',
    'http://[64:ff9b::a9fe:a9fe]/v1',
    'http://0.0.0.0:8000/v1',
    'http://[::]:8000/v1',
    'http://224.0.0.1/v1',
    'http://100.100.100.200/v1',
    'http://metadata.google.internal/v1',
    'http://METADATA.google.internal./v1',
    'http://rebound.example/v1',
  ])('is never one of the link or of the cloud: %s', async (url) => {
    await expect(refuse(url)).rejects.toMatchObject(denied);
    await expect(refuse(url, '127.0.0.1:50051')).rejects.toMatchObject(denied);
  });

  it.each([
    'http://127.0.0.1:8000/v1',
    'http://127.9.9.9/v1',
    'http://localhost.:8000/v1',
    'http://2130706433/v1',
    'http://0x7f.1/v1',
    'http://[::1]:8000/v1',
    'http://[::ffff:127.0.0.1]/v1',
    'http://mine.example/v1',
  ])('is this machine only where the planner is for this machine: %s', async (url) => {
    const names = async (name: string): Promise<readonly string[]> =>
      name.startsWith('localhost') ? ['127.0.0.1', '::1'] : resolve(name);
    await expect(refuseUnsafeAddress({ name: 'n', url }, '0.0.0.0:50051', names)).rejects.toMatchObject(denied);
    await refuseUnsafeAddress({ name: 'n', url }, '127.0.0.1:50051', names);
  });

  it.each([
    'http://gpu.example:8000/v1',
    'http://10.0.0.7:8000/v1',
    'http://[fd12::7]:8000/v1',
    'https://203.0.113.7/v1',
    'http://not-known-here:8000/v1',
  ])('may be any other: %s', (url) => refuse(url));
});
