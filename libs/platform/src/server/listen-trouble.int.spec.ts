import { createServer, type AddressInfo } from 'node:net';
import { listenTrouble } from './listen-trouble.js';
import { serveMetrics } from '../telemetry/metrics-server.js';

const log = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };

describe('an address that cannot be listened at', () => {
  it('is told as taken where another process has it', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    await expect(serveMetrics({ address, log })).rejects.toThrow(
      `Cannot listen on ${address}: another process uses this port.`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it.each([
    ['192.0.2.7:50051', /this machine has no such address/],
    ['no-such-host.invalid:50051', /the host name is unknown/],
  ])('is told by its cause: %s', async (address, why) => {
    await expect(serveMetrics({ address, log })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(why),
    });
  });

  it('is told by what the gRPC library says', () => {
    const said = (message: string): string => listenTrouble('a:1', new Error(message)).message;
    expect(
      said('No address added out of total 1 resolved errors: [listen EADDRINUSE: address already in use 127.0.0.1:1]'),
    ).toMatch(/another process uses this port/);
    expect(said('Name resolution failed for target dns:nowhere:1')).toMatch(/the host name is unknown/);
  });
});
