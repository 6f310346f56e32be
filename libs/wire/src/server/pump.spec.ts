import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Metadata } from '@grpc/grpc-js';
import { pump } from './pump.js';

/** A call whose reader takes `room` messages and then no more until `drain`. */
class FakeCall extends EventEmitter {
  cancelled = false;
  readonly metadata = new Metadata();
  readonly written: number[] = [];

  constructor(private readonly room: number) {
    super();
  }

  getDeadline(): number {
    return Infinity;
  }

  write(message: number): boolean {
    this.written.push(message);
    return this.written.length % this.room !== 0;
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('pump', () => {
  it('asks for the next message only when the last one has left (pump.1)', async () => {
    const call = new FakeCall(2);
    let made = 0;
    const done = pump(call, async function* () {
      while (made < 4) yield made++;
    });
    await turn();
    expect([made, call.written]).toEqual([2, [0, 1]]);
    call.emit('drain');
    await turn();
    call.emit('drain');
    await done;
    expect(call.written).toEqual([0, 1, 2, 3]);
  });

  it.each(['drain', 'source'])(
    'ends when the caller goes while it waits for the %s, even where the source does not look (pump.2)',
    async (waitsFor) => {
      const call = new FakeCall(waitsFor === 'drain' ? 1 : 2);
      let isClosed = false;
      const next = (): Promise<IteratorResult<number>> =>
        call.written.length === 0 ? Promise.resolve({ done: false, value: 1 }) : new Promise(() => undefined);
      const close = (): Promise<IteratorResult<number>> => (
        (isClosed = true),
        Promise.resolve({ done: true, value: undefined })
      );
      const done = pump(call, () => ({ [Symbol.asyncIterator]: () => ({ next, return: close }) }));
      await turn();
      call.emit('cancelled');
      await done;
      expect(isClosed).toBe(true);
      expect(call.listenerCount('drain')).toBe(0);
    },
  );

  it('writes nothing for a caller that is already gone (pump.2)', async () => {
    const call = Object.assign(new FakeCall(2), { cancelled: true });
    await pump(call, async function* () {
      yield 1;
    });
    expect(call.written).toEqual([]);
  });

  it('fails with what the source threw, but not when nobody reads any more (pump.3)', async () => {
    const call = new FakeCall(2);
    await expect(pump(call, failing)).rejects.toThrow('broken');
    const gone = Object.assign(new FakeCall(2), { cancelled: true });
    await pump(gone, failing);
  });

  it('forgets what has left while the stream goes on (pump.4)', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const messages: WeakRef<object>[] = [];
    const call = Object.assign(new EventEmitter(), {
      cancelled: false,
      metadata: new Metadata(),
      getDeadline: () => Infinity,
      write: () => true,
    });
    const done = pump<object>(call, async function* (signal) {
      for (let n = 0; n < 1_000; n++) {
        const message = { n };
        messages.push(new WeakRef(message));
        yield message;
      }
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    });
    while (messages.length < 1_000) await turn();
    await turn();
    collect();
    expect(messages.filter((message) => message.deref() !== undefined).length).toBeLessThan(10);
    call.emit('cancelled');
    await done;
  });
});

async function* failing(): AsyncGenerator<number> {
  yield 1;
  throw new Error('broken');
}
