import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askText, RequestFailed } from './client.js';

const never = new AbortController().signal;
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    if (pathname === '/missing')
      return void response.writeHead(404).end(JSON.stringify({ code: 'missing', message: 'No such file.' }));
    if (pathname === '/breaks') {
      response.writeHead(200, { 'content-length': '100' }).write('a');
      return void setImmediate(() => response.destroy());
    }
    response.end(decodeURIComponent(pathname.slice(1)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const read = (text: string, most: number) => askText(`${url}/${encodeURIComponent(text)}`, most, never);

describe('the beginning of a text', () => {
  it('is all of it where it is short, and says that it is cut where it is not', async () => {
    expect(await read('four', 4)).toEqual({ text: 'four', isCut: false });
    expect(await read('four', 3)).toEqual({ text: 'fou', isCut: true });
    expect(await read('', 3)).toEqual({ text: '', isCut: false });
  });

  it('ends before a letter that is cut in two, not with a part of it', async () => {
    expect(await read('aé', 2)).toEqual({ text: 'a', isCut: true });
  });

  it('fails with what the server says, and where the text breaks off', async () => {
    await expect(askText(`${url}/missing`, 9, never)).rejects.toMatchObject({
      code: 'missing',
      message: 'No such file.',
    });
    await expect(askText(`${url}/breaks`, 900, never)).rejects.toBeInstanceOf(RequestFailed);
  });
});
