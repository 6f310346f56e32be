import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** How many connections one address may hold, and how long one may be silent at its beginning. */
export interface ConnectionLimits {
  readonly perAddress: number;
  readonly silentMs: number;
}

const LIMITS: ConnectionLimits = { perAddress: 1_000, silentMs: 10_000 };

/** HTTP/2 begins with 24 bytes of the client's, TLS with more. */
const PREFACE_BYTES = 24;

const guarded = new Map<number, ConnectionLimits & { readonly open: Map<string, number> }>();
let isSubscribed = false;

/**
 * Bounds the connections to a port that this process listens at, before anything is read of them: the server library
 * has no bound of its own, and a connection that never says a word would stay for ever. Gives what ends the watch.
 */
export function guardConnections(port: number, limits: Partial<ConnectionLimits> = {}): () => void {
  if (!isSubscribed)
    subscribe('net.server.socket', (message) => watch((message as { readonly socket: Socket }).socket));
  isSubscribed = true;
  guarded.set(port, { ...LIMITS, ...limits, open: new Map() });
  return () => void guarded.delete(port);
}

function watch(socket: Socket): void {
  const guard = guarded.get(socket.localPort ?? -1);
  if (!guard) return;
  const { open, perAddress, silentMs } = guard;
  const from = socket.remoteAddress ?? '';
  const count = open.get(from) ?? 0;
  if (count >= perAddress) return void socket.destroy();
  open.set(from, count + 1);
  const timer = setTimeout(() => {
    if (socket.bytesRead < PREFACE_BYTES) socket.destroy();
  }, silentMs);
  timer.unref();
  socket.once('close', () => {
    clearTimeout(timer);
    const left = (open.get(from) ?? 1) - 1;
    if (left > 0) open.set(from, left);
    else open.delete(from);
  });
}
