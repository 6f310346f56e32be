import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keyedRandom } from '@praxis/core';

/** What the recorder can be asked to do, and whether it does the same thing again when asked again under one key. */
export const DEEDS = { check: 'pure', stamp: 'keyed', bill: 'probed', mail: 'neither' } as const;
export type Deed = keyof typeof DEEDS;

/** What may be said after a deed instead of what became of it. */
export const SLIPS = ['500', '520', 'cut', 'empty', 'nothing'] as const;
export type Slip = (typeof SLIPS)[number];

/** How the recorder answers once it has done a deed for an item: so often with a slip, then as it should. */
export interface Manner {
  readonly slip: Slip;
  readonly times: number;
}

/** Of a hundred deeds, so many are answered with a slip. */
const SLIPPING = 12;

/** How a deed for an item is answered; the same seed gives the same (S8). Null: as it should. */
export function drawManner(seed: string, deed: Deed, item: string): Manner | null {
  const roll = (what: string): number => keyedRandom(seed, 'slip', deed, item, what);
  if (roll('whether') * 100 >= SLIPPING) return null;
  // What changes nothing has no effect to be in doubt of, and its answer is needed in the end.
  const times = deed === 'check' ? [1, 2] : [1, 2, Number.MAX_SAFE_INTEGER];
  return {
    slip: SLIPS[Math.floor(roll('slip') * SLIPS.length)]!,
    times: times[Math.floor(roll('times') * times.length)]!,
  };
}

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

/**
 * Starts a recorder on loopback. `/do/DEED/ITEM` does it; `/done/DEED/KEY` is there only where it was done under that
 * key. With a seed, some deeds are done and answered with a slip: a repetition under the same key gets the same answer.
 */
export async function startRecorder(seed: string | null = null): Promise<Recorder> {
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
    const manner = seed === null ? null : drawManner(seed, deed, item);
    const nth = arrivals.filter((a) => a.deed === deed && a.item === item).length;
    if (manner !== null && nth <= manner.times) return slip(manner.slip, request, response);
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

/** Says nothing of what was done. */
function slip(how: Slip, request: IncomingMessage, response: ServerResponse): void {
  switch (how) {
    case '500':
    case '520':
      return void response.writeHead(Number(how)).end('it was done, and then something else broke');
    case 'cut':
      return void response.writeHead(200, { 'content-length': '100' }).write('{"done"', () => response.destroy());
    case 'empty':
      return void response.writeHead(200).end();
    case 'nothing':
      return void request.socket.destroy();
  }
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

const isDeed = (word: string | undefined): word is Deed => word !== undefined && word in DEEDS;
