import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { openProxy, type Proxy } from './proxy.js';

describe('openProxy', () => {
  let echo: Server;
  let proxy: Proxy;
  beforeEach(async () => {
    echo = createServer((socket) => void socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    proxy = await openProxy((echo.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await proxy.stop();
    echo.close();
  });

  function dial(): Socket {
    return connect({ port: proxy.port, host: '127.0.0.1' }).on('error', () => undefined);
  }
  async function open(): Promise<Socket> {
    const socket = dial();
    await once(socket, 'connect');
    return socket;
  }
  // A reset is an error to `once`, and the end that is waited for here.
  const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));
  const heard = async (socket: Socket): Promise<string> => String(((await once(socket, 'data')) as [Buffer])[0]);

  it('leads through, and elsewhere when it is told to', async () => {
    const socket = await open();
    socket.write('hello');
    expect(await heard(socket)).toBe('hello');
    const other = createServer((s) => void s.end('other')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    proxy.lead((other.address() as AddressInfo).port);
    expect(await heard(await open())).toBe('other');
    socket.destroy();
    other.close();
  });

  it('cuts what is open and lets in what comes next', async () => {
    const socket = await open();
    const end = closed(socket);
    proxy.trouble('cut');
    await end;
    const next = await open();
    next.write('again');
    expect(await heard(next)).toBe('again');
    next.destroy();
  });

  it('refuses until it is healed', async () => {
    proxy.trouble('refuse');
    await closed(dial());
    proxy.heal();
    const socket = await open();
    socket.write('healed');
    expect(await heard(socket)).toBe('healed');
    socket.destroy();
  });

  it('holds everything back without a word, and then delivers it', async () => {
    const socket = await open();
    socket.write('1');
    expect(await heard(socket)).toBe('1');
    proxy.trouble('pause');
    socket.write('2');
    const second = heard(socket);
    const first = await Promise.race([second, new Promise((r) => setTimeout(() => r('silence'), 50))]);
    expect(first).toBe('silence');
    proxy.heal();
    expect(await second).toBe('2');
    socket.destroy();
  });
});
