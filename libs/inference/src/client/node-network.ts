import { lookup as resolve, type LookupOptions } from 'node:dns';
import { Agent, fetch } from 'undici';
import { unsafeHost, type AddressRules } from './node-address.js';

/** Sends a request over HTTP; resolves with the head of the answer. */
export type Ask = (url: string, init: AskInit) => Promise<AskedResponse>;

export interface AskInit {
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly redirect: 'manual' | 'error';
  readonly signal: AbortSignal;
}

/** What of an answer is read. */
export interface AskedResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | null;
}

export interface NetworkOptions extends AddressRules {
  /** Hosts that the settings name; these are believed wherever they lead. */
  readonly trusted: ReadonlySet<string>;
  /** How a name is resolved; by the system where nothing is said. */
  readonly lookup?: typeof resolve;
}

/** A network through which nodes are asked. */
export interface NodeNetwork {
  readonly ask: Ask;
  close(): Promise<void>;
}

/** A registered node leads where none may be; nothing was sent. */
export class UnsafeAddress extends Error {
  readonly code = 'UNSAFE_ADDRESS';
}

/**
 * The network of a process that asks nodes. A registered name is judged by the addresses that it has when the connection is
 * made, so that one which led elsewhere at its registration leads to nobody's own services either.
 */
export function openNodeNetwork({ trusted, lookup = resolve, ...rules }: NetworkOptions): NodeNetwork {
  const judged = (host: string, options: LookupOptions, done: Done): void => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      const why = error || trusted.has(host.toLowerCase()) ? null : firstReason([host, ...addresses.map((a) => a.address)], rules);
      if (error) return done(error, []);
      if (why !== null) return done(new UnsafeAddress(`its address ${why}`), []);
      if (options.all === true) return done(null, addresses);
      return done(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
  // How long a node may take is its caller's to say (`NodePatience`).
  const agent = new Agent({ connect: { lookup: judged }, headersTimeout: 0, bodyTimeout: 0 });
  // Its answers are those of the platform, under types of its own.
  const ask: Ask = (url, init) => fetch(url, { ...init, dispatcher: agent }) as Promise<unknown> as Promise<AskedResponse>;
  return { ask, close: () => agent.close() };
}

type Done = (error: Error | null, address: string | { address: string; family: number }[], family?: number) => void;

function firstReason(hosts: readonly string[], rules: AddressRules): string | null {
  for (const host of hosts) {
    const why = unsafeHost(host, rules);
    if (why !== null) return why;
  }
  return null;
}
