import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the recorder can be asked to do, and whether it does the same thing again when asked again under one key. */
export const DEEDS = { check: 'pure', stamp: 'keyed', bill: 'probed', mail: 'neither' } as const;
export type Deed = keyof typeof DEEDS;

/** One request that came in. */
export interface Arrival {
  readonly at: number;
  readonly deed: Deed;
  readonly item: string;
  readonly key: string | null;
  /** False where the key was known already, so that nothing was done. */
  readonly applied: boolean;
}

/** The outside world: a server that remembers what it was asked to do, by key and by plain arrival. */
export interface Recorder {
  readonly port: number;
  /** Everything that came in for these items, oldest first. */
  arrivals(items: ReadonlySet<string>): readonly Arrival[];
  /** The next request for one of these items is done, and its answer is lost on the way. */
  loseReply(items: ReadonlySet<string>): void;
  stop(): Promise<void>;
}

/** Starts a recorder on loopback. `/do/DEED/ITEM` does it; `/done/DEED/KEY` is there only where it was done under that key. */
export async function startRecorder(): Promise<Recorder> {
  const arrivals: Arrival[] = [];
  const losing = new Set<ReadonlySet<string>>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const [, verb, deed, item] = (request.url ?? '').split('?')[0]!.split('/');
    request.resume();
    if (!isDeed(deed) || !item) return void response.writeHead(404).end();
    if (verb === 'done') {
      const isDone = arrivals.some((a) => a.deed === deed && a.key === item);
      return void response.writeHead(isDone ? 200 : 404).end();
    }
    const key = headerOf(request, 'idempotency-key');
    const isKnown = DEEDS[deed] === 'keyed' && arrivals.some((a) => a.deed === deed && a.key === key);
    arrivals.push({ at: Date.now(), deed, item, key, applied: !isKnown });
    const loser = [...losing].find((items) => items.has(item));
    if (loser) {
      losing.delete(loser);
      return void request.socket.destroy();
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ done: deed, item }));
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    arrivals: (items) => arrivals.filter((a) => items.has(a.item)),
    loseReply: (items) => void losing.add(items),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

const isDeed = (word: string | undefined): word is Deed => word !== undefined && word in DEEDS;
