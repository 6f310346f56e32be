import { nodeSpecSchema, type NodeChoice, type NodeSpecInput } from '@praxis/core';
import { VirtualClock } from '@praxis/simulator';
import { NodeTrouble } from '../node-trouble.js';
import type { Chooser } from './choose.js';
import { createNodePool } from './create-node-pool.js';
import type { NodeJob, NodeLease } from './node-job.js';
import type { PoolNode, PoolOptions } from './node-pool.js';
import { seededPoolRandom } from './pool-clock.js';

const node = (name: string, more: Partial<NodeSpecInput> = {}): PoolNode => ({
  origin: 'settings',
  spec: nodeSpecSchema.parse({ name, url: `http://${name}:8000/v1`, serves: [{ name: 'm' }], ...more }),
});

function start(nodes: readonly PoolNode[], options: PoolOptions = {}) {
  const clock = new VirtualClock(1_000_000);
  const pool = createNodePool({ clock, random: seededPoolRandom('spec'), hedgeShare: 0, ...options });
  pool.setNodes(nodes);
  return { clock, pool };
}

const job = (more: Partial<NodeJob> = {}): NodeJob => ({
  model: 'm',
  place: { run: 'r', stream: 's', urgency: 0.5, deadline: null },
  prefix: [],
  inputTokens: 100,
  maxTokens: 100,
  mayHedge: false,
  signal: new AbortController().signal,
  ...more,
});

const place = (more: Partial<NodeJob['place']> = {}): NodeJob['place'] => ({
  run: 'r',
  stream: 's',
  urgency: 0.5,
  deadline: null,
  ...more,
});

const up = (at: number) => ({ at, isUp: true, note: '', running: null, waiting: null, kvUse: null, models: null });
const trouble = (kind: NodeTrouble['kind'], more: NodeTrouble['more'] = {}) =>
  new NodeTrouble(kind, `it was ${kind}.`, more);
const outcomes = (choices: readonly NodeChoice[]) =>
  choices.map((choice) => `${choice.picked}: ${choice.outcome.split(':')[0]}`);

describe('a pool of nodes', () => {
  it('runs a call, and says why it went where it did', async () => {
    const { pool } = start([node('a'), node('b', { serves: [{ name: 'other' }] }), { ...node('c'), isDraining: true }]);
    const { value, node: name, choices } = await pool.run(job(), async (lease) => `${lease.model}@${lease.node.name}`);
    expect([value, name]).toEqual(['m@a', 'a']);
    expect(choices).toMatchObject([{ model: 'm', attempt: 1, hedge: false, picked: 'a', outcome: 'ok', waitedMs: 0 }]);
    const [a, b, c] = choices[0]!.considered;
    expect(a!.score).toBeGreaterThan(0);
    expect(Object.values(a!.parts).every((part) => part >= 0 && part <= 1)).toBe(true);
    expect([b!.ruledOut, c!.ruledOut]).toEqual(['does not serve m', 'is draining']);
  });

  it('asks a node for tools as a probe found it to take them, unless its owner says otherwise', async () => {
    const { pool } = start([node('a')]);
    const tools = (): Promise<string> =>
      pool.run(job(), async (lease) => lease.node.tools).then((result) => result.value);
    expect(await tools()).toBe('unknown');
    for (const found of ['none', 'native'] as const) {
      pool.noteLoad('a', { ...up(1_000_000), tools: found });
      expect(await tools()).toBe(found);
    }
    pool.setNodes([node('a', { tools: 'none' })]);
    expect(await tools()).toBe('none');
    pool.setNodes([node('a')]);
    expect(await tools()).toBe('native');
  });

  it('asks a node in the way of the engine that a probe found it to be, also when it is described again', async () => {
    const { pool } = start([node('a')]);
    const engine = (): Promise<string> =>
      pool.run(job(), async (lease) => lease.node.engine).then((result) => result.value);
    expect(await engine()).toBe('unknown');
    pool.noteLoad('a', { ...up(1_000_000), engine: 'tgi' });
    expect(await engine()).toBe('tgi');
    pool.setNodes([node('a')]);
    expect(await engine()).toBe('tgi');
    pool.setNodes([node('a', { engine: 'vllm' })]);
    expect(await engine()).toBe('vllm');
  });

  it('moves a call on to a node that has not failed it yet (node-pool.5)', async () => {
    const { pool } = start([node('a'), node('b'), node('c')]);
    const asked: string[] = [];
    const { choices } = await pool.run(job(), async ({ node: { name } }) => {
      asked.push(name);
      if (asked.length < 3) throw trouble('broken');
    });
    expect([...asked].sort()).toEqual(['a', 'b', 'c']);
    expect(outcomes(choices)).toEqual([`${asked[0]}: broken`, `${asked[1]}: broken`, `${asked[2]}: ok`]);
    expect(choices[2]!.considered.find((one) => one.node === asked[0])!.ruledOut).toBe('has failed this call');
  });

  it('pauses between tries when every node has failed, and gives up after some', async () => {
    const { clock, pool } = start([node('a')], { patienceMs: 60_000 });
    const times: number[] = [];
    const told: NodeChoice[] = [];
    const run = pool.run(job({ onChoice: (choice) => told.push(choice) }), async () => {
      times.push(clock.now());
      throw trouble('unreachable');
    });
    await expect(run).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/in 5 tries.*at a: it was unreachable/),
    });
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    expect(gaps).toHaveLength(4);
    expect(gaps[0]).toBeGreaterThanOrEqual(100);
    // From the third on its breaker is what it waits for, each time longer.
    expect(gaps[3]!).toBeGreaterThan(gaps[2]!);
    expect(told).toHaveLength(5);
  });

  it('makes no more tries than a job may have', async () => {
    const { pool } = start([node('a'), node('b'), node('c'), node('d')]);
    let tries = 0;
    const asked = pool.run(job({ tries: 2 }), async () => {
      tries += 1;
      throw trouble('broken');
    });
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
    expect(tries).toBe(2);
  });

  it('asks nobody else when a node refused the input', async () => {
    const { pool } = start([node('a'), node('b')]);
    let asked = 0;
    const run = pool.run(job(), async () => {
      asked += 1;
      throw trouble('refused');
    });
    await expect(run).rejects.toMatchObject({ kind: 'refused' });
    expect([asked, pool.views().flatMap((view) => view.broken)]).toEqual([1, []]);
  });

  it('takes what was too long to nodes of a longer context only', async () => {
    const sized = (name: string, contextTokens: number) => node(name, { serves: [{ name: 'm', contextTokens }] });
    const { pool } = start([sized('a', 1_000), sized('b', 1_000), sized('c', 9_000)]);
    const asked: string[] = [];
    const work = async ({ node: { name } }: NodeLease) => {
      asked.push(name);
      if (name !== 'c') throw trouble('too-long');
    };
    await pool.run(job(), work);
    expect(asked.at(-1)).toBe('c');
    expect(asked.length).toBeLessThanOrEqual(2);
    await expect(pool.run(job({ inputTokens: 9_500 }), work)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('its context has 9000 tokens, and the call needs 9600'),
    });
    pool.setNodes([sized('a', 1_000), sized('b', 1_000)]);
    await expect(pool.run(job(), work)).rejects.toMatchObject({ kind: 'too-long' });
  });

  it('lets a node that is busy rest for as long as it says', async () => {
    const { clock, pool } = start([node('a')]);
    const times: number[] = [];
    await pool.run(job(), async () => {
      times.push(clock.now());
      if (times.length === 1) throw trouble('busy', { retryAfterMs: 3_000 });
    });
    expect(times[1]! - times[0]!).toBe(3_000);
  });

  it('fails at once what no node serves, and after its patience what none can take now', async () => {
    const { clock, pool } = start([node('a')]);
    const from = clock.now();
    await expect(pool.run(job({ model: 'x' }), async () => 0)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('a: does not serve x'),
    });
    expect(clock.now()).toBe(from);
    pool.setNodes([]);
    await expect(pool.run(job(), async () => 0)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no inference node'),
    });
    expect(clock.now()).toBe(from + 5_000);
  });

  it('waits for a node that comes within its patience', async () => {
    const { clock, pool } = start([]);
    const run = pool.run(job(), async ({ node: { name } }) => name);
    await clock.sleep(2_000);
    pool.setNodes([node('late')]);
    expect((await run).choices[0]).toMatchObject({ picked: 'late', waitedMs: 2_000 });
  });

  it('asks a node that seems down or silent only while no other can (node-pool.3)', async () => {
    const { clock, pool } = start([node('a'), node('b')], { staleMs: 1_000 });
    const where = async () => (await pool.run(job(), async () => 0)).node;
    pool.noteLoad('a', { ...up(clock.now()), isUp: false, note: 'no connection' });
    pool.noteLoad('b', up(clock.now()));
    expect(await where()).toBe('b');
    await clock.sleep(2_000);
    pool.noteLoad('a', up(clock.now()));
    expect(await where()).toBe('a');
    pool.drain('a');
    expect(await where()).toBe('b');
  });

  it('aborts a call at its node when the caller does, whatever the work does about it', async () => {
    const { clock, pool } = start([node('a', { slots: 1 })]);
    const stop = new AbortController();
    let seen: AbortSignal | undefined;
    const first = pool.run(job({ signal: stop.signal }), async (lease) => {
      seen = lease.signal;
      await new Promise(() => undefined);
    });
    const second = pool.run(job({ signal: stop.signal }), async () => 0);
    stop.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    await expect(second).rejects.toThrow('enough');
    expect(seen?.aborted).toBe(true);
    // This work never lets go of its slot, so it is taken away.
    expect(pool.views()).toMatchObject([{ inFlight: 1, queued: 0 }]);
    await clock.sleep(1_001);
    expect(pool.views()).toMatchObject([{ inFlight: 0, queued: 0 }]);
  });

  it('ends a call at the deadline of its run, under way or waiting', async () => {
    const { clock, pool } = start([node('a', { slots: 1 })]);
    const due = place({ deadline: clock.now() + 1_000 });
    const hangs = () => new Promise<never>(() => undefined);
    const runs = [pool.run(job({ place: due }), hangs), pool.run(job({ place: due }), hangs)];
    for (const run of runs) await expect(run).rejects.toMatchObject({ code: 'timeout' });
    expect(clock.now()).toBe(1_001_000);
  });

  it('moves the calls of a lost node on, and lets those of a leaving one finish (node-pool.5)', async () => {
    const { clock, pool } = start([node('a'), { ...node('b'), isDraining: true }]);
    const slow = async (lease: NodeLease) => {
      lease.began();
      await clock.sleep(1_000);
      return lease.node.name;
    };
    const first = pool.run(job(), slow);
    await clock.sleep(10);
    pool.setNodes([node('b')]);
    expect(outcomes((await first).choices)).toEqual(['a: unreachable', 'b: ok']);
    const second = pool.run(job(), slow);
    await clock.sleep(10);
    pool.drain('b');
    pool.setNodes([]);
    expect((await second).choices).toMatchObject([{ picked: 'b', outcome: 'ok' }]);
  });

  it('moves a call on whose node is lost before the work has begun (node-pool.5)', async () => {
    const { pool } = start([node('a')]);
    const run = pool.run(job(), async (lease) => lease.node.name);
    pool.setNodes([node('b')]);
    expect(outcomes((await run).choices)).toEqual(['a: unreachable', 'b: ok']);
  });

  it('moves calls that wait for their first token away from a node that fails its probes, not those that are answered', async () => {
    const { clock, pool } = start([node('a')]);
    const answered = pool.run(job(), async (lease) => {
      lease.began();
      await clock.sleep(5_000);
      return lease.node.name;
    });
    const silent = pool.run(job(), async (lease) =>
      lease.node.name === 'a' ? new Promise<never>(() => undefined) : lease.node.name,
    );
    pool.setNodes([node('a'), node('b')]);
    await clock.sleep(10);
    for (let i = 0; i < 3; i++) pool.noteLoad('a', { ...up(clock.now()), isUp: false, note: 'no answer' });
    expect([(await silent).value, (await answered).value]).toEqual(['b', 'a']);
  });

  it('tells a call whether its node is at work: by what it says, and by the other calls that it answers', async () => {
    const { clock, pool } = start([node('a', { slots: 3 })]);
    const seen: boolean[] = [];
    const run = pool.run(job(), async (lease) => {
      const look = (): number => seen.push(lease.isAtWork());
      look();
      pool.noteLoad('a', { ...up(clock.now()), running: 1 });
      look();
      pool.noteLoad('a', { ...up(clock.now()), running: null });
      look();
      const other = pool.run(job(), async (beside) => {
        beside.began();
        await clock.sleep(10);
        look();
        return 1;
      });
      await other;
      pool.noteLoad('a', { ...up(clock.now()), running: 1 });
      await clock.sleep(60_000);
      look();
      return 1;
    });
    await run;
    expect(seen).toEqual([false, true, false, true, false]);
  });

  it('lets a job wait for the full node that the chooser wants, but not for ever (node-pool.6)', async () => {
    const chooser: Chooser = (_, nodes) => ({
      node: nodes.some(({ name }) => name === 'a') ? 'a' : 'b',
      scored: nodes.map(({ name }) => ({ name, score: name === 'a' ? 1 : 0, parts: {} })),
    });
    const { clock, pool } = start([node('a', { slots: 1 }), node('b', { slots: 1 })], { chooser });
    const work = (ms: number) => async (lease: NodeLease) => clock.sleep(ms).then(() => lease.node.name);
    const first = pool.run(job(), work(3_000));
    const second = await pool.run(job(), work(10));
    expect([await first.then(({ node }) => node), second.node, second.choices[0]!.waitedMs]).toEqual(['a', 'a', 3_000]);
    const hangs = pool.run(job(), work(100_000));
    const third = await pool.run(job(), work(10));
    expect([third.node, third.choices[0]!.waitedMs]).toEqual(['b', 10_000]);
    expect((await hangs).node).toBe('a');
  });

  it('fails the job, not the pool, when a chooser does not do as it should', async () => {
    const { pool } = start([node('a')], { chooser: () => ({ node: 'nobody', scored: [] }) });
    await expect(pool.run(job(), async () => 0)).rejects.toMatchObject({ code: 'bug' });
    expect(pool.views()).toMatchObject([{ inFlight: 0, queued: 0 }]);
  });

  it('passes over jobs whose nodes are full for jobs of another model', async () => {
    const { clock, pool } = start([node('a', { slots: 1 }), node('b', { serves: [{ name: 'other' }] })]);
    const order: string[] = [];
    const run = (model: string, ms: number) =>
      pool.run(job({ model }), async () => clock.sleep(ms)).then(() => order.push(model));
    await Promise.all([run('m', 1_000), run('m', 1_000), run('other', 10)]);
    expect(order).toEqual(['other', 'm', 'm']);
  });

  it('refuses new jobs and ends those under way when it closes', async () => {
    const { pool } = start([node('a', { slots: 1 })]);
    const runs = [1, 2].map(() =>
      pool.run(job(), () => new Promise<never>(() => undefined)).catch((error: { code: string }) => error.code),
    );
    await pool.close();
    expect(await Promise.all(runs)).toEqual(['unavailable', 'unavailable']);
    await expect(pool.run(job(), async () => 0)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('hands errors of the work itself to the caller, and keeps the node out of it', async () => {
    const { pool } = start([node('a')]);
    const told: NodeChoice[] = [];
    for (let i = 0; i < 5; i++)
      await expect(
        pool.run(job({ onChoice: (choice) => told.push(choice) }), async () => Promise.reject(new RangeError('mine'))),
      ).rejects.toThrow('mine');
    expect(pool.views()[0]!.broken).toEqual([]);
    expect(told[0]!.outcome).toBe('failed for reasons of its own');
  });
});

describe('a pool that hedges', () => {
  async function warm(more: PoolOptions = {}) {
    const started = start([node('a'), node('b')], { hedgeShare: 0.5, ...more });
    const { clock, pool } = started;
    for (let i = 0; i < 30; i++) {
      await pool.run(job({ mayHedge: true }), async (lease) => {
        await clock.sleep(100);
        lease.began();
      });
    }
    return started;
  }

  it('asks a second node when the first is slow to begin, and lets the slower one go (node-pool.4)', async () => {
    const { clock, pool } = await warm();
    const aborted: string[] = [];
    let asked = 0;
    const { value, choices } = await pool.run(job({ mayHedge: true }), async ({ node: { name }, signal, began }) => {
      signal.addEventListener('abort', () => aborted.push(name));
      await clock.sleep(asked++ === 0 ? 5_000 : 100);
      began();
      await clock.sleep(10_000);
      return name;
    });
    expect(choices.map(({ hedge, attempt, picked, outcome }) => ({ hedge, attempt, picked, outcome }))).toEqual([
      { hedge: false, attempt: 1, picked: aborted[0], outcome: `slower than ${value}` },
      { hedge: true, attempt: 1, picked: value, outcome: 'ok' },
    ]);
    expect(pool.views().map((view) => view.inFlight)).toEqual([0, 0]);
  });

  it('never asks a second node once the answer has begun, or where it may not (node-pool.4)', async () => {
    const { clock, pool } = await warm();
    for (const mayHedge of [true, false]) {
      const { choices } = await pool.run(job({ mayHedge }), async ({ began }) => {
        if (mayHedge) began();
        await clock.sleep(60_000);
      });
      expect(choices).toHaveLength(1);
    }
  });

  it('goes on with the second when the first fails', async () => {
    const { clock, pool } = await warm();
    let asked = 0;
    const { choices } = await pool.run(job({ mayHedge: true }), async ({ began }) => {
      const isFirst = asked++ === 0;
      await clock.sleep(isFirst ? 500 : 1_000);
      if (isFirst) throw trouble('broken');
      began();
    });
    expect(choices.map(({ outcome }) => outcome.split(':')[0])).toEqual(['broken', 'ok']);
  });

  it('asks twice only for the share of calls that it may', async () => {
    const { clock, pool } = await warm({ hedgeShare: 0.1 });
    let hedges = 0;
    for (let i = 0; i < 70; i++) {
      const { choices } = await pool.run(job({ mayHedge: true }), async ({ began }) => {
        await clock.sleep(i % 2 === 0 ? 200 + i * 50 : 100);
        began();
      });
      hedges += choices.filter((choice) => choice.hedge).length;
    }
    expect(hedges).toBeGreaterThan(0);
    expect(hedges).toBeLessThanOrEqual(10);
  });
});
