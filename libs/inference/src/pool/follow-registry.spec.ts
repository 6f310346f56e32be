import { nodeSpecSchema, type NodeView, type RegisteredNode } from '@praxis/core';
import { VirtualClock } from '@praxis/simulator';
import { createNodePool } from './create-node-pool.js';
import { followRegistry, nodesOf } from './follow-registry.js';

const spec = (name: string, url = `http://${name}:1/v1`) => nodeSpecSchema.parse({ name, url });
const registered = (name: string, seenAt: number, isDraining = false): RegisteredNode => ({
  spec: spec(name),
  seenAt,
  isDraining,
});

describe('nodesOf', () => {
  it('leaves out silent nodes, and lets the settings hide a registered node of the same name', () => {
    const nodes = nodesOf(
      [spec('a', 'http://mine:1/v1')],
      [registered('a', 100_000), registered('b', 85_000, true), registered('c', 84_999)],
      100_000,
    );
    expect(nodes).toMatchObject([
      { origin: 'settings', spec: { name: 'a', url: 'http://mine:1/v1' } },
      { origin: 'registered', isDraining: true, spec: { name: 'b' } },
    ]);
    expect(nodes).toHaveLength(2);
  });
});

describe('followRegistry', () => {
  const stops: (() => Promise<void>)[] = [];
  // In virtual time a loop that nobody stops keeps the process busy for ever.
  afterEach(async () => Promise.all(stops.splice(0).map(async (stop) => stop())));

  function start(list: () => readonly RegisteredNode[]) {
    const clock = new VirtualClock(100_000);
    const pool = createNodePool({ clock });
    let lists = 0;
    const follower = followRegistry({ list: async () => (lists++, list()) }, pool, { settings: [spec('own')], clock });
    stops.push(() => follower.stop());
    const names = () => pool.views().map((view: NodeView) => view.spec.name);
    return { clock, pool, follower, names, lists: () => lists };
  }

  it('adds what registers, and takes away what falls silent', async () => {
    let known: readonly RegisteredNode[] = [registered('a', 100_000)];
    const { clock, follower, names } = start(() => known);
    await follower.ready;
    expect(names()).toEqual(['own', 'a']);
    known = [registered('a', 100_000), registered('b', 110_000)];
    await clock.sleep(14_000);
    expect(names()).toEqual(['own', 'a', 'b']);
    await clock.sleep(7_000);
    expect(names()).toEqual(['own', 'b']);
  });

  it('keeps the nodes while the list cannot be read', async () => {
    let fails = false;
    const { clock, follower, names } = start(() => {
      if (fails) throw new Error('no database');
      return [registered('a', 100_000)];
    });
    await follower.ready;
    fails = true;
    await clock.sleep(60_000);
    expect(names()).toEqual(['own', 'a']);
  });

  it('looks every second while calls are made, and seldom when none are', async () => {
    const { clock, pool, follower, lists } = start(() => []);
    await follower.ready;
    await clock.sleep(20_500);
    const idle = lists();
    expect(idle).toBe(5);
    const place = { run: 'r', stream: 's', urgency: 0, deadline: null };
    await pool.run(
      {
        model: 'm',
        place,
        prefix: [],
        inputTokens: 1,
        maxTokens: 1,
        mayHedge: false,
        signal: new AbortController().signal,
      },
      async () => clock.sleep(20_000),
    );
    expect(lists() - idle).toBeGreaterThan(12);
  });

  it('offers the nodes of the settings even when the list was never read', async () => {
    const { follower, names } = start(() => {
      throw new Error('no database');
    });
    await follower.ready;
    expect(names()).toEqual(['own']);
  });
});
