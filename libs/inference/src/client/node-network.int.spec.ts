import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { lookup } from 'node:dns';
import { systemClock } from '@praxis/core';
import { NodeClient } from './node-client.js';
import { DEFAULT_PATIENCE } from './node-endpoint.js';
import { openNodeNetwork, type NetworkOptions, type NodeNetwork } from './node-network.js';

/** Names that lead elsewhere at every question, as their owner likes. */
const names = (...answers: readonly string[]): typeof lookup => {
  const left = [...answers];
  const answer = (
    _host: string,
    _options: unknown,
    done: (error: null, addresses: { address: string; family: number }[]) => void,
  ): void => {
    const address = left.length > 1 ? left.shift()! : left[0]!;
    done(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
  };
  return answer as unknown as typeof lookup;
};

describe('the network of nodes', () => {
  let server: Server;
  let port: number;
  const networks: NodeNetwork[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url!);
      response.setHeader('connection', 'close');
      response.end('{}');
    });
    await new Promise<void>((resume) => server.listen(0, '127.0.0.1', resume));
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => void (asked.length = 0));
  afterAll(async () => {
    await Promise.all(networks.map((n) => n.close()));
    server.close();
  });

  function open(options: Partial<NetworkOptions>): NodeNetwork {
    const network = openNodeNetwork({ trusted: new Set(), loopback: false, ...options });
    networks.push(network);
    return network;
  }
  const get = (network: NodeNetwork, host: string): Promise<number> =>
    network
      .ask(`http://${host}:${port}/v1/models`, { headers: {}, redirect: 'error', signal: AbortSignal.timeout(5_000) })
      .then((r) => r.status);

  it('does not follow a registered name that leads to this machine or to its cloud only after its registration', async () => {
    for (const address of ['127.0.0.1', '::1', '169.254.169.254', '100.100.100.200', 'fd00:ec2::254', '0.0.0.0']) {
      await expect(get(open({ lookup: names(address) }), 'gpu.example')).rejects.toThrow(/fetch failed/);
    }
    const rebound = open({ loopback: true, lookup: names('127.0.0.1', '169.254.169.254') });
    expect(await get(rebound, 'gpu.example')).toBe(200);
    await expect(get(rebound, 'gpu.example')).rejects.toThrow(/fetch failed/);
    expect(asked).toEqual(['/v1/models']);
  });

  it('asks this machine where everybody who may register works on it, and whatever the settings name', async () => {
    expect(await get(open({ loopback: true, lookup: names('127.0.0.1') }), 'gpu.example')).toBe(200);
    expect(await get(open({ trusted: new Set(['gpu.example']), lookup: names('127.0.0.1') }), 'gpu.example')).toBe(200);
    expect(asked).toHaveLength(2);
  });

  it('tells why a call was not sent, and that nothing was spent', async () => {
    const client = new NodeClient(DEFAULT_PATIENCE, systemClock, open({ lookup: names('169.254.169.254') }).ask);
    const meter = { input: 9, output: 9 };
    const node = { name: 'gpu1', url: `http://gpu.example:${port}/v1`, engine: 'vllm', key: 'sk-secret' } as const;
    const call = client.embed(node, 'm', ['a'], { signal: AbortSignal.timeout(5_000), meter });
    await expect(call).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/^Node gpu1 is not asked: its address is an address of the link/),
    });
    expect(meter).toEqual({ input: 0, output: 0 });
    expect(asked).toEqual([]);
  });
});
