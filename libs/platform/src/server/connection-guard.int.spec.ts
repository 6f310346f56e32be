import { createServer as createHttp2, connect as connectHttp2 } from 'node:http2';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { guardConnections } from './connection-guard.js';

const sockets: Socket[] = [];
const server = createHttp2((_request, response) => response.end('here'));
let port: number;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => void server.close());

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
const closed = (socket: Socket): Promise<unknown> =>
  socket.destroyed || socket.readableEnded ? Promise.resolve() : (socket.resume(), once(socket, 'close'));

describe('guardConnections', () => {
  it('ends connections beyond the bound of an address, and takes new ones when others have gone', async () => {
    const end = guardConnections(port, { perAddress: 3, silentMs: 60_000 });
    const held = [await open(), await open(), await open()];
    await closed(await open());
    expect(held.every((s) => !s.destroyed)).toBe(true);
    held[0]!.destroy();
    let fourth = await open();
    // Until the server has seen the first one go, one more is one too many.
    while (
      await Promise.race([closed(fourth).then(() => true), new Promise((resolve) => setTimeout(resolve, 200, false))])
    )
      fourth = await open();
    expect(fourth.destroyed).toBe(false);
    end();
  });

  it('ends a connection that says nothing, and none that speaks', async () => {
    const end = guardConnections(port, { perAddress: 100, silentMs: 100 });
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const ask = async (): Promise<string> => {
      const stream = session.request({ ':path': '/' });
      let text = '';
      for await (const chunk of stream) text += String(chunk);
      return text;
    };
    expect(await ask()).toBe('here');
    await closed(await open());
    expect(await ask()).toBe('here');
    session.destroy();
    end();
  });
});
