import { VirtualClock } from './virtual-clock.js';

describe('VirtualClock', () => {
  // virtual-clock.2
  it('fires timers in order of their times, and equal ones in the order in which they were set', async () => {
    const clock = new VirtualClock(100);
    const seen: string[] = [];
    const note = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      seen.push(`${name} ${clock.now()}`);
    };
    await Promise.all([
      note('late', 30),
      note('first', 10),
      note('second', 10),
      note('hour', 3_600_000),
      note('at once', 0),
    ]);
    expect(seen).toEqual(['at once 100', 'first 110', 'second 110', 'late 130', 'hour 3600100']);
  });

  it('does not move on while a chain of promises has work to do (virtual-clock.1)', async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    const chain = async (): Promise<void> => {
      await clock.sleep(10);
      for (let i = 0; i < 50; i++) await Promise.resolve();
      seen.push(clock.now());
      await clock.sleep(1);
      seen.push(clock.now());
    };
    await Promise.all([chain(), clock.sleep(20)]);
    expect(seen).toEqual([10, 11]);
  });

  it('lets an aborted timer neither fire nor move time (virtual-clock.3)', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const far = clock.sleep(1_000, stop.signal);
    const near = clock.sleep(5).then(() => stop.abort(new Error('enough')));
    await expect(far).rejects.toThrow('enough');
    await near;
    await clock.sleep(1);
    expect(clock.now()).toBe(6);
    await expect(clock.sleep(1, stop.signal)).rejects.toThrow('enough');
  });
});
