import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * `cut`: what is open breaks, new connections go through. `refuse`: nothing goes through, and everybody is told.
 * `pause`: nothing goes through, and nobody is told.
 */
export type Trouble = 'cut' | 'refuse' | 'pause';

/** A link between two processes that can be broken. */
export interface Proxy {
  readonly port: number;
  /** Where it leads from now on. */
  lead(port: number): void;
  /** Makes trouble until it is healed. */
  trouble(kind: Trouble): void;
  heal(): void;
  stop(): Promise<void>;
}

/** Opens a TCP proxy on loopback that leads to a port on loopback. */
export async function openProxy(to: number): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let target = to;
  let now: Trouble | null = null;
  const accept = (near: Socket): void => {
    if (now === 'refuse') return void near.resetAndDestroy();
    const far = connect({ port: target, host: '127.0.0.1' });
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [socket, other] of [pair, [far, near] as const]) {
      socket.on('error', () => undefined);
      socket.on('close', () => (pairs.delete(pair), other.destroy()));
      socket.on('end', () => other.end());
      socket.on('data', (chunk: Buffer) => {
        if (!other.write(chunk)) {
          socket.pause();
          other.once('drain', () => void (now === 'pause' || socket.resume()));
        }
      });
    }
    if (now === 'pause') for (const socket of pair) socket.pause();
  };
  const server = createServer({ allowHalfOpen: true }, accept).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = (): void => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    lead: (port) => void (target = port),
    trouble: (kind) => {
      now = kind === 'cut' ? null : kind;
      if (kind === 'pause') for (const pair of pairs) for (const socket of pair) socket.pause();
      else breakAll();
    },
    heal: () => {
      now = null;
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    stop: async () => {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
