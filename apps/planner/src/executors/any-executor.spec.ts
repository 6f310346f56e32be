import { PraxisError, type Logger } from '@praxis/core';
import type { ExecutorInfo } from '@praxis/wire';
import type { ExecutorState } from '@praxis/store';
import { AnyExecutor } from './any-executor.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const clock = { now: () => 1_000_000 };

const state = (name: string, address: string, changes: Partial<ExecutorState> = {}): ExecutorState => ({
  name,
  address,
  lanes: ['default'],
  concurrency: 1,
  busy: [],
  draining: false,
  startedAt: 0,
  seenAt: clock.now(),
  ...changes,
});
const offers = (name: string, worlds: readonly string[]): ExecutorInfo => ({
  name,
  lanes: [name],
  worlds: worlds.map((w) => ({ name: w, summary: name, skills: [] })) as unknown as ExecutorInfo['worlds'],
  skills: [],
  strategies: [],
  busy: [],
  draining: false,
});

/** Executors that answer, by address; whoever is not among them does not. */
function cluster(answers: Readonly<Record<string, ExecutorInfo>>, announced: readonly ExecutorState[]) {
  const asked: string[] = [];
  const closed: string[] = [];
  const connect = (address: string) => ({
    describe: async () => {
      asked.push(address);
      const info = answers[address];
      if (!info) throw new PraxisError('unavailable', 'nobody there');
      return info;
    },
    close: () => void closed.push(address),
  });
  let known = announced;
  const registry = { list: async () => known };
  const any = new AnyExecutor({ registry, configured: 'configured:1', connect, clock, log });
  return { any, asked, closed, announce: (next: readonly ExecutorState[]) => (known = next) };
}

const worldsOf = (info: ExecutorInfo): readonly string[] => info.worlds.map((w) => w.name).sort();

describe('AnyExecutor', () => {
  it('needs no more than one executor that lives, the configured one or any other (executors.1, executors.2)', async () => {
    expect(worldsOf(await cluster({ 'configured:1': offers('c', ['a']) }, []).any.describe())).toEqual(['a']);
    expect(
      worldsOf(await cluster({ 'b:1': offers('b', ['x']) }, [state('a', 'a:1'), state('b', 'b:1')]).any.describe()),
    ).toEqual(['x']);
  });

  it('puts together what all that live offer (executors.1, executors.3)', async () => {
    const { any } = cluster({ 'a:1': offers('a', ['x', 'y']), 'b:1': offers('b', ['y', 'z']) }, [
      state('a', 'a:1'),
      state('b', 'b:1'),
    ]);
    const info = await any.describe();
    expect(worldsOf(info)).toEqual(['x', 'y', 'z']);
    expect(info.worlds.find((w) => w.name === 'y')?.summary).toBe('a');
    expect(info.lanes).toEqual(['a', 'b']);
  });

  it('asks nobody that was not seen lately, or announces no address that can be called', async () => {
    const { any, asked } = cluster({ 'b:1': offers('b', ['x']) }, [
      state('a', 'a:1', { seenAt: clock.now() - 60_000 }),
      state('w', '0.0.0.0:50052'),
      state('b', 'b:1'),
    ]);
    await any.describe();
    // The one that announced no address may be found at the configured one.
    expect(asked.sort()).toEqual(['b:1', 'configured:1']);
    const all = cluster({ 'b:1': offers('b', ['x']) }, [state('b', 'b:1')]);
    await all.any.describe();
    expect(all.asked).toEqual(['b:1']);
  });

  it('asks a draining executor only where no other one answers (executors.2)', async () => {
    const draining = state('a', 'a:1', { draining: true });
    const both = cluster({ 'a:1': offers('a', ['x']), 'b:1': offers('b', ['y']) }, [draining, state('b', 'b:1')]);
    expect(worldsOf(await both.any.describe())).toEqual(['y']);
    expect(worldsOf(await cluster({ 'a:1': offers('a', ['x']) }, [draining]).any.describe())).toEqual(['x']);
  });

  it('says whom it asked and why nobody answered', async () => {
    await expect(cluster({}, [state('a', 'a:1')]).any.describe()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/No executor answers.*a:1 \(nobody there\).*configured:1/),
    });
  });

  it('shares one answer among those who ask at the same time, and asks again after a failure', async () => {
    const some = cluster({ 'configured:1': offers('c', ['a']) }, []);
    await Promise.all([some.any.describe(), some.any.describe(), some.any.describe()]);
    expect(some.asked).toEqual(['configured:1']);
    const none = cluster({}, []);
    for (let n = 0; n < 2; n++) await expect(none.any.describe()).rejects.toBeDefined();
    expect(none.asked).toHaveLength(2);
  });

  it('lets go of executors that are gone', async () => {
    const some = cluster({}, [state('a', 'a:1')]);
    await some.any.describe().catch(() => undefined);
    some.announce([]);
    await some.any.describe().catch(() => undefined);
    expect(some.closed).toEqual(['a:1']);
    some.any.close();
    expect(some.closed.sort()).toEqual(['a:1', 'configured:1']);
  });
});
