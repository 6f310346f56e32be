import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { loopShare } from './loop-share.js';

/** Keeps the loop for some milliseconds. */
function work(ms: number): void {
  for (const began = performance.now(); performance.now() - began < ms;);
}

describe('loopShare', () => {
  it('lets a message from outside in between two long pieces of work', async () => {
    const heard: Buffer[] = [];
    const server = createServer((socket) => socket.on('data', (data) => heard.push(data)));

    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const client = connect(typeof address === 'object' ? address!.port : 0, '127.0.0.1');
    await once(client, 'connect');
    const share = loopShare(1);
    // Both ends are in this process, so that a message takes a few turns.
    for (let piece = 0; piece < 100 && heard.length === 0; piece++) {
      if (piece === 0) client.write('x');
      work(2);
      await share();
    }
    client.destroy();
    server.close();
    expect(heard).toHaveLength(1);
  });

  it('gives nothing away before its share is used up', async () => {
    const order: string[] = [];
    const share = loopShare(60_000);
    const other = new Promise<void>((resolve) => setImmediate(() => resolve(void order.push('other'))));
    for (const piece of ['one', 'two']) {
      order.push(piece);
      await share();
    }
    await other;
    expect(order).toEqual(['one', 'two', 'other']);
  });

  it('begins a new share when others have had their turn', async () => {
    const order: string[] = [];
    const share = loopShare(1);
    work(2);
    setImmediate(() => order.push('other'));
    await share();
    order.push('mine');
    expect(order).toEqual(['other', 'mine']);
  });
});
