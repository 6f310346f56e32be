import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { systemClock } from '@praxis/core';
import { isLoopback, listenTrouble, nestLogger, type RunningService } from '@praxis/platform';
import express, { type NextFunction, type Request, type Response } from 'express';
import { Access } from './access.js';
import { DashboardModule } from './dashboard.module.js';
import { secureHeaders } from './access/headers.js';
import { requireApiKey } from './access/require-api-key.js';
import { hostOf, knownHostsOnly, readOnly, sameOrigin } from './access/request-origin.js';
import { HttpErrors } from './failures.js';
import { EventStreams } from './live/event-stream.js';
import { lanesOf, Overviews } from './live/overviews.js';
import { servePage } from './page.js';
import { PACE, type DashboardParts } from './parts.js';

/** Nothing that the dashboard is asked needs more. */
const MOST_BYTES = 16 * 1024;

/** A request that takes longer to be sent than this is not meant well. */
const REQUEST_MS = 15_000;

/** How long the board of the queues waits to hear of new lanes. */
const LANES_MS = 1_000;

/**
 * Starts the dashboard: its page, the questions of the page below `/api`, the board of the queues at `/queues`, and
 * `/metrics`. It asks the other services over gRPC and changes nothing.
 */
export async function startDashboard(parts: DashboardParts): Promise<RunningService> {
  const { host, port } = splitAddress(parts.address);
  const streams = new EventStreams({ ...PACE, ...parts.pace });
  const overviews = new Overviews(parts.planner);
  const access = new Access(parts.keyHashes, systemClock);
  const module = DashboardModule.with(parts, { access, overviews, streams });
  const app = await NestFactory.create<NestExpressApplication>(module, new ExpressAdapter(express()), {
    logger: nestLogger(parts.log),
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
    ...(parts.tls === null ? {} : { httpsOptions: { cert: parts.tls.cert, key: parts.tls.key } }),
  });
  app.useGlobalFilters(new HttpErrors(parts.log));
  for (const setting of ['x-powered-by', 'etag']) app.disable(setting);
  app.getHttpServer().requestTimeout = REQUEST_MS;
  addDoors(app, parts, access);
  addBoard(app, parts, overviews);
  app.use(servePage(parts.pageDir));
  await app.listen(port, host).catch(async (cause: unknown) => {
    await app.close();
    throw listenTrouble(parts.address, cause);
  });
  return {
    address: `${host}:${(app.getHttpServer().address() as AddressInfo).port}`,
    stop: async () => {
      streams.stop();
      await app.close();
    },
  };
}

/** Everything that a request must pass before anybody looks at what it asks. */
function addDoors(app: NestExpressApplication, { tls, address, hosts }: DashboardParts, access: Access): void {
  const isLocal = isLoopback(address);
  app.use(secureHeaders({ isPublic: tls !== null && !isLocal }));
  if (isLocal || !access.needsKey) app.use(knownHostsOnly({ isLocal, hosts: [...(hosts ?? []), hostOf(address)] }));
  app.use(sameOrigin(), readOnly(), requireApiKey(access));
  app.use('/api', (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('cache-control', 'no-store');
    next();
  });
  app.use('/api/session', express.json({ limit: MOST_BYTES }));
}

function addBoard(app: NestExpressApplication, { board, metrics }: DashboardParts, overviews: Overviews): void {
  app.use('/queues', (request: Request, response: Response, next: NextFunction) => {
    if (request.path !== '/api/queues') return board.router(request, response, next);
    const learned = overviews.ask().then(
      (overview) => board.show(lanesOf(overview)),
      () => undefined,
    );
    // Where the planner is away, the lanes that are known already have to do.
    void Promise.race([learned, sleep(LANES_MS, null, { ref: false })]).then(() =>
      board.router(request, response, next),
    );
  });
  if (metrics) app.use('/metrics', metrics);
}

function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
}
