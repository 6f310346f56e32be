import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Logger } from '@praxis/core';
import { listenTrouble } from '../server/listen-trouble.js';
import { METRICS_CONTENT_TYPE, metricsText } from './metrics.js';

/** Where to answer, and with which certificate; without one it is plain HTTP. */
export interface MetricsServerOptions {
  readonly address: string;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | null;
  readonly log: Logger;
}

/** Answers a request with all metrics of this process; the path is whoever's who calls it. */
export function metricsHandler(log: Logger): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    if (request.method !== 'GET') return end(response, 405);
    metricsText().then(
      (text) =>
        response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE, 'cache-control': 'no-store' }).end(text),
      (err: unknown) => {
        log.error('the metrics could not be gathered', { err });
        end(response, 500);
      },
    );
  };
}

/** Answers `GET /metrics`, and nothing else; gives where it listens and what ends it. */
export async function serveMetrics({
  address,
  tls,
  log,
}: MetricsServerOptions): Promise<{ readonly address: string; stop(): Promise<void> }> {
  const handle = metricsHandler(log);
  const answer = (request: IncomingMessage, response: ServerResponse): void =>
    request.url?.split('?')[0] === '/metrics' ? handle(request, response) : end(response, 404);
  const server: Server = tls ? createSecureServer({ cert: tls.cert, key: tls.key }, answer) : createServer(answer);
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(listenTrouble(address, cause, 'for Prometheus: PRAXIS_METRICS_ADDRESS')));
    server.listen(Number(address.slice(at + 1)), host, resolve);
  });
  const bound = server.address();
  return {
    address: `${host}:${typeof bound === 'object' && bound ? bound.port : address.slice(at + 1)}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 }).end();
}
