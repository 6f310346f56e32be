import { nodeSpecSchema } from '@praxis/core';
import { VirtualClock } from '@praxis/simulator';
import { createNodePool } from '../pool/create-node-pool.js';
import type { Page } from './http-get.js';
import { watchNodes } from './watch-nodes.js';

const node = (name: string, engine: 'vllm' | 'embedded' = 'vllm') => ({
  origin: 'settings' as const,
  spec: nodeSpecSchema.parse({ name, url: `http://${name}/v1`, engine }),
});

describe('watchNodes', () => {
  const stops: (() => Promise<void>)[] = [];
  // In virtual time a loop that nobody stops keeps the process busy for ever.
  afterEach(async () => Promise.all(stops.splice(0).map(async (stop) => stop())));

  function start(answer: (url: string) => Promise<Page>) {
    const clock = new VirtualClock(1_000);
    const pool = createNodePool({ clock });
    const asked: { at: number; url: string }[] = [];
    const watch = watchNodes(pool, {
      clock,
      everyMs: 1_000,
      get: (url) => {
        asked.push({ at: clock.now(), url });
        return answer(url);
      },
    });
    stops.push(() => watch.stop());
    return { clock, pool, asked, watch };
  }

  it('tells the pool of nodes that come, as long as they are there, and asks nobody else', async () => {
    const { clock, pool, asked } = start(async () => ({ status: 200, body: '' }));
    await clock.sleep(3_000);
    expect(asked).toEqual([]);
    pool.setNodes([node('a'), node('b', 'embedded')]);
    await clock.sleep(1_500);
    expect(pool.views().map((view) => view.load?.isUp ?? null)).toEqual([true, null]);
    pool.setNodes([]);
    await clock.sleep(1_500);
    const before = asked.length;
    await clock.sleep(5_000);
    expect(asked.length).toBe(before);
  });

  it('looks at a node that is down less and less often, but goes on', async () => {
    const { clock, pool, asked } = start(async () => Promise.reject(new Error('refused')));
    pool.setNodes([node('a')]);
    await clock.sleep(120_000);
    const gaps = asked.slice(1).map(({ at }, i) => at - asked[i]!.at);
    expect(gaps.slice(0, 3)).toEqual([1_000, 1_000, 1_000]);
    expect(Math.max(...gaps)).toBe(15_000);
    expect(asked.at(-1)!.at).toBeGreaterThan(100_000);
    expect(pool.views()[0]!.load).toMatchObject({ isUp: false, note: 'refused' });
  });

  it('does not let a node that hangs hold up the others, nor asks it twice at a time', async () => {
    let hanging = 0;
    const { clock, pool, asked, watch } = start((url) => {
      if (!url.includes('//hangs/')) return Promise.resolve({ status: 200, body: '' });
      hanging += 1;
      return clock.sleep(4_500).then(() => Promise.reject(new Error('too late')));
    });
    pool.setNodes([node('hangs'), node('well')]);
    await clock.sleep(4_000);
    expect(hanging).toBe(1);
    expect(asked.filter(({ url }) => url === 'http://well/health').length).toBeGreaterThanOrEqual(3);
    await watch.stop();
    expect(hanging).toBe(1);
  });
});
