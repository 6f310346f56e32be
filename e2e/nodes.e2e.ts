import type { ListedNode } from '@praxis/wire';
import { praxis, sandbox, start, type Running } from './praxis.js';

const box = sandbox();
let service: Running;

beforeAll(async () => {
  service = start(['start'], box.env);
  await service.until(/Ctrl-C stops everything/);
});
const others: Running[] = [];
afterAll(async () => {
  for (const other of others) other.child.kill('SIGKILL');
  await service.kill('SIGINT');
  box.remove();
});

/** A command that goes on; it does not outlive the tests, however they end. */
function begin(...args: readonly string[]): Running {
  const running = start(args, box.env);
  others.push(running);
  return running;
}

async function json<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await praxis([...args, '--json'], box.env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

const GPU1 = [
  'nodes',
  'register',
  '--name',
  'gpu1',
  '--url',
  'http://127.0.0.1:9/v1',
  '--engine',
  'vllm',
  '--model',
  'qwen3',
  '--slots',
  '8',
  '--label',
  'zone=a',
];

describe('praxis nodes', () => {
  it('says what to do where there is no node', async () => {
    expect(await json<readonly ListedNode[]>('nodes')).toEqual([]);
    expect(await praxis(['nodes'], box.env)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('PRAXIS_MODEL_URL='),
    });
  });

  it('keeps a node registered until Ctrl-C, through being taken out, and shows how it stands', async () => {
    const owner = begin(...GPU1);
    await owner.until(/gpu1 is registered as http:\/\/127\.0\.0\.1:9\/v1\. Ctrl-C takes it out\./);
    expect(await json<readonly ListedNode[]>('nodes')).toMatchObject([
      {
        spec: { name: 'gpu1', engine: 'vllm', slots: 8, labels: { zone: 'a' } },
        origin: 'registered',
        isDraining: false,
      },
    ]);
    expect(await json('nodes', 'drain', 'gpu1')).toEqual({ name: 'gpu1', draining: true });
    expect(await json<readonly ListedNode[]>('nodes')).toMatchObject([{ isDraining: true }]);
    expect((await praxis(['nodes'], box.env)).stdout).toMatch(/gpu1 +http:\/\/127\.0\.0\.1:9\/v1 +vllm /);
    expect(await json('nodes', 'remove', 'gpu1')).toEqual({ name: 'gpu1', removed: true });
    // Its owner finds out with its next heartbeat, and it is a new one.
    let back: readonly ListedNode[] = [];
    while (back.length === 0) back = await json<readonly ListedNode[]>('nodes');
    expect(back).toMatchObject([{ spec: { name: 'gpu1' }, isDraining: false }]);
    expect(await owner.kill('SIGINT')).toBe(130);
    expect(await json('nodes')).toEqual([]);
  });

  it('registers a node for others to look after, and refuses one that would send a secret away', async () => {
    expect(await json<object>(...GPU1, '--once')).toMatchObject({
      name: 'gpu1',
      state: 'registered',
      heartbeatMs: 5_000,
    });
    const wrong = await praxis(
      ['nodes', 'register', '--name', 'gpu2', '--url', 'http://127.0.0.1:9/v1', '--key-variable', 'PRAXIS_API_KEY'],
      box.env,
    );
    expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('must begin with NODE_KEY_') });
    expect((await json<readonly ListedNode[]>('nodes')).map((node) => node.spec.name)).toEqual(['gpu1']);
    await json('nodes', 'remove', 'gpu1');
  });

  it('goes on showing them until it is stopped', async () => {
    const watching = begin('nodes', '--watch', '--json');
    await watching.until(/^\[\]\n/);
    await json(...GPU1, '--once');
    await watching.until(/"name":"gpu1"/);
    expect(await watching.kill('SIGTERM')).toBe(0);
    await json('nodes', 'remove', 'gpu1');
  });

  it('says what is wrong with a node that nobody knows, and with words that mean nothing', async () => {
    expect(await praxis(['nodes', 'drain', 'nobody'], box.env)).toMatchObject({
      code: 3,
      stdout: '',
      stderr: 'praxis: No node nobody is registered. See those there are with `praxis nodes`.\n',
    });
    expect(await praxis(['nodes', 'fly'], box.env)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: /),
    });
    expect(await praxis(['nodes', 'register', '--name', 'gpu1'], box.env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--url'),
    });
  });
});
