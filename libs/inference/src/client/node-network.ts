import { lookup as resolve, type LookupOptions } from 'node:dns';
import { Agent, fetch } from 'undici';
import { firstUnsafe, type AddressRules } from './node-address.js';

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
  /** Hosts that the settings name; their addresses are not checked. */
  readonly trusted: ReadonlySet<string>;
  /** How a name is resolved; by the system where nothing is said. */
  readonly lookup?: typeof resolve;
}

/** A network through which nodes are asked. */
export interface NodeNetwork {
  readonly ask: Ask;
  close(): Promise<void>;
}

/** The host of a registered node resolves to a forbidden address; no request was sent. */
export class UnsafeAddress extends Error {
  readonly code = 'UNSAFE_ADDRESS';
}

/**
 * The network through which a process calls nodes. A registered name is checked again at each connection, by the
 * addresses that it resolves to then, because its owner can change them after the registration.
 */
export function openNodeNetwork({ trusted, lookup = resolve, ...rules }: NetworkOptions): NodeNetwork {
  const judged = (host: string, options: LookupOptions, done: Done): void => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const isTrusted = trusted.has(host.toLowerCase());
      const why = isTrusted ? null : firstUnsafe([host, ...addresses.map((a) => a.address)], rules);
      if (why !== null) return done(new UnsafeAddress(`its address ${why}`), []);
      if (options.all === true) return done(null, addresses);
      return done(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
  // How long a node may take is its caller's to say (`NodePatience`).
  const agent = new Agent({ connect: { lookup: judged }, headersTimeout: 0, bodyTimeout: 0 });
  // Its answers are those of the platform, under types of its own.
  const ask: Ask = (url, init) =>
    fetch(url, { ...init, dispatcher: agent }) as Promise<unknown> as Promise<AskedResponse>;
  return { ask, close: () => agent.close() };
}

type Done = (error: Error | null, address: string | { address: string; family: number }[], family?: number) => void;
