import { PraxisError } from '@praxis/core';
import type { Closable } from '../client/caller.js';
import { connectPlanner } from '../client/connect-planner.js';
import type { PlannerApi } from '../service-apis.js';
import { startServer, type RunningServer } from './start-server.js';

const open: (RunningServer | Closable)[] = [];
let server: RunningServer;
async function pair(parts: Partial<PlannerApi>): Promise<PlannerApi> {
  server = await startServer({
    address: '127.0.0.1:0',
    services: { planner: parts as PlannerApi },
    graceMs: 0,
    security: { tls: null, keyHashes: [], requestBytes: 64 * 1024 },
  });
  const client = connectPlanner(server.address, { deadlineMs: 1_000 });
  open.push(client, server);
  return client;
}
afterEach(async () => {
  for (const thing of open.splice(0)) await ('stop' in thing ? thing.stop() : thing.close());
});

const never = new AbortController().signal;
const LINES = ['{"run":"r-1"}', '"ä😀"', 'x'.repeat(200_000), '{}'];
async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
/** Waits until a number has stopped growing. */
async function settled(value: () => number): Promise<void> {
  for (let last = -1; last !== value();) {
    last = value();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a run that is taken out', () => {
  it('comes as the lines that the planner gave', async () => {
    const client = await pair({ exportRun: () => each(LINES) });
    expect(await all(client.exportRun('r-1', never))).toEqual(LINES);
  });

  it('fails where the planner refuses or breaks in the middle, so that a part is not taken for the whole', async () => {
    const client = await pair({
      exportRun: async function* (run) {
        if (run === 'r-9') throw new PraxisError('missing', 'There is no run r-9.');
        yield* LINES;
        throw new PraxisError('unavailable', 'The database is away.');
      },
    });
    await expect(all(client.exportRun('r-9', never))).rejects.toMatchObject({
      code: 'missing',
      message: 'There is no run r-9.',
    });
    await expect(all(client.exportRun('r-1', never))).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The database is away.',
    });
  });

  it('fails where its own reader stops it, and the planner is told', async () => {
    let closed = false;
    const client = await pair({
      exportRun: async function* () {
        try {
          for (;;) yield 'x'.repeat(10_000);
        } finally {
          closed = true;
        }
      },
    });
    const controller = new AbortController();
    const reading = async (): Promise<void> => {
      for await (const line of client.exportRun('r-1', controller.signal)) if (line !== '') controller.abort();
    };
    await expect(reading()).rejects.toMatchObject({ code: 'cancelled' });
    await until(() => closed);
  });

  it('is held back while nobody reads (pump.1)', async () => {
    let produced = 0;
    const client = await pair({
      exportRun: async function* () {
        for (; produced < 3000; produced++) yield 'x'.repeat(10_000);
      },
    });
    let read = 0;
    for await (const line of client.exportRun('r-1', never)) {
      if (line === '' || ++read !== 3) continue;
      await settled(() => produced);
      expect(produced).toBeLessThan(300);
    }
    expect(read).toBe(3000);
  });
});

describe('a run that is taken in', () => {
  it('comes to the planner as the lines that were sent, however large a request may be and however long it takes', async () => {
    const seen: string[] = [];
    const client = await pair({ importRun: async (lines) => (seen.push(...(await all(lines))), 'r-1') });
    const slowly = async function* (): AsyncGenerator<string> {
      for (const line of LINES) {
        yield line;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    };
    expect(await client.importRun(slowly(), never)).toBe('r-1');
    expect(seen).toEqual(LINES);
  });

  it('holds its sender back while the planner is slow, and brings everything', async () => {
    let sent = 0;
    let read = 0;
    let goOn = (): void => undefined;
    const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
    const client = await pair({
      importRun: async (lines) => {
        for await (const line of lines) if (line !== '' && ++read === 3) await mayGoOn;
        return 'r-1';
      },
    });
    const source = async function* (): AsyncGenerator<string> {
      for (; sent < 3000; sent++) yield 'x'.repeat(10_000);
    };
    const importing = client.importRun(source(), never);
    await settled(() => sent);
    expect(sent).toBeLessThan(300);
    goOn();
    expect(await importing).toBe('r-1');
    expect(read).toBe(3000);
  });

  it('is refused while it is still being sent, and the sender stops', async () => {
    let isClosed = false;
    const client = await pair({
      importRun: async (lines) => {
        for await (const line of lines)
          throw new PraxisError('invalid', `The file begins with "${line.slice(0, 3)}", which is no history.`);
        return 'r-1';
      },
    });
    const endless = async function* (): AsyncGenerator<string> {
      try {
        for (;;) yield 'x'.repeat(10_000);
      } finally {
        isClosed = true;
      }
    };
    await expect(client.importRun(endless(), never)).rejects.toMatchObject({
      code: 'invalid',
      message: 'The file begins with "xxx", which is no history.',
    });
    await until(() => isClosed);
  });

  it('is answered before all of it was sent where the planner wants no more', async () => {
    const client = await pair({
      importRun: async (lines) => {
        for await (const line of lines) if (line !== '') break;
        return 'r-1';
      },
    });
    const endless = async function* (): AsyncGenerator<string> {
      for (;;) yield 'x'.repeat(10_000);
    };
    expect(await client.importRun(endless(), never)).toBe('r-1');
  });

  it('fails at both ends where the sender stops or its source breaks', async () => {
    const told: unknown[] = [];
    let began = 0;
    const client = await pair({
      importRun: async (lines) => {
        try {
          for await (const line of lines) if (line === 'first') began++;
        } catch (thrown) {
          told.push(thrown);
        }
        return 'r-1';
      },
    });
    const begin = async function* (times: number): AsyncGenerator<string> {
      yield* ['first', 'x'.repeat(40_000)];
      await until(() => began === times);
    };
    const controller = new AbortController();
    const stopping = async function* (): AsyncGenerator<string> {
      yield* begin(1);
      controller.abort();
      await new Promise(() => undefined);
    };
    await expect(client.importRun(stopping(), controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
    await until(() => told.length === 1);
    const breaking = async function* (): AsyncGenerator<string> {
      yield* begin(2);
      throw new PraxisError('missing', 'There is no such file.');
    };
    await expect(client.importRun(breaking(), never)).rejects.toMatchObject({
      code: 'missing',
      message: 'There is no such file.',
    });
    await until(() => told.length === 2);
    // On its way, breaking off can look like the end of the stream.
    expect(told).toEqual([1, 2].map(() => expect.objectContaining({ code: 'cancelled' })));
  });

  it('says what to do where nobody listens', async () => {
    const client = await pair({});
    await server.stop();
    await expect(client.importRun(each(LINES), never)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('praxis start'),
    });
  });
});
