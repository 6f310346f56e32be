import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nodeSpecSchema } from '@praxis/core';
import { NodeTrouble } from '../node-trouble.js';
import { createNodePool } from '../pool/create-node-pool.js';
import type { NodeJob } from '../pool/node-job.js';
import { httpGet } from './http-get.js';
import { watchNodes } from './watch-nodes.js';

const servers: Server[] = [];
const stops: (() => Promise<void>)[] = [];

/** A server of vLLM's pages that answers chats after a while, on a free port. */
async function serve(name: string): Promise<{ url: string; server: Server; auths: (string | undefined)[] }> {
  const auths: (string | undefined)[] = [];
  const pages: Record<string, string> = {
    '/health': '',
    '/metrics': 'vllm:num_requests_running 1\nvllm:num_requests_waiting 0\nvllm:kv_cache_usage_perc 0.5\n',
    '/v1/models': JSON.stringify({ data: [{ id: 'm', owned_by: 'vllm', max_model_len: 1_000 }] }),
  };
  const server = createServer((request, response) => {
    auths.push(request.headers.authorization);
    const page = pages[request.url ?? ''];
    if (request.url === '/v1/moved') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    else if (request.url === '/v1/slow') setTimeout(() => response.end(name), 50);
    else response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, server, auths };
}

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('nodes over HTTP', () => {
  it('finds out what they are, sees one die, and moves its calls on', async () => {
    const a = await serve('a');
    const b = await serve('b');
    const pool = createNodePool();
    const spec = (name: string, url: string) => ({
      origin: 'settings' as const,
      spec: nodeSpecSchema.parse({ name, url }),
    });
    const watch = watchNodes(pool, { everyMs: 20, keyOf: () => 'sesame' });
    stops.push(
      () => watch.stop(),
      () => pool.close(),
    );
    pool.setNodes([spec('a', a.url), spec('b', b.url)]);
    await until(() => pool.views().every((view) => view.load?.running === 1));
    expect(pool.views()[0]!.load).toMatchObject({ isUp: true, waiting: 0, kvUse: 0.5, models: ['m'] });
    expect(new Set(a.auths)).toEqual(new Set(['Bearer sesame']));

    const job: NodeJob = {
      model: 'm',
      place: { run: 'r', stream: 's', urgency: 0.5, deadline: null },
      prefix: [],
      inputTokens: 10,
      maxTokens: 10,
      mayHedge: false,
      signal: new AbortController().signal,
    };
    const ask = () =>
      pool.run(job, async ({ node, signal }) => {
        const response = await fetch(`${node.url}/slow`, { signal }).catch((error: unknown) => {
          throw new NodeTrouble('unreachable', 'gone', { cause: error });
        });
        return response.text();
      });
    const calls = Array.from({ length: 10 }, ask);
    await until(() => pool.views()[0]!.inFlight > 0 && pool.views()[1]!.inFlight > 0);
    a.server.closeAllConnections();
    a.server.close();
    const ends = await Promise.all(calls);
    expect(ends.every(({ value, node }) => value === node)).toBe(true);
    expect(ends.some(({ choices }) => choices.some(({ outcome }) => outcome.startsWith('unreachable')))).toBe(true);
    await until(() => pool.views()[0]!.load?.isUp === false);
    expect(pool.views()[0]!.load?.note).toContain('ECONNREFUSED');
    const after = await ask();
    expect(after.choices[0]!.considered[0]!.ruledOut).not.toBeNull();
  });

  it('does not follow a server elsewhere with its key', async () => {
    const { url } = await serve('a');
    await expect(
      httpGet(`${url}/moved`, { key: 'sesame', timeoutMs: 1_000, signal: new AbortController().signal }),
    ).rejects.toThrow();
  });
});
