import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import type { Logger } from '@praxis/core';
import type { Settings } from '../settings/settings.js';
import { metricsHandler, serveMetrics, type MetricsServerOptions } from './metrics-server.js';
import { startMetrics, stopMetrics } from './metrics.js';
import { startTracing } from './tracing.js';

const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string };

/** What a process tells about itself. */
export interface TelemetryOptions {
  readonly settings: Pick<Settings, 'telemetry' | 'metrics'>;
  /** The service that has this process to itself; null where several share it. */
  readonly service: string | null;
  readonly tls?: MetricsServerOptions['tls'];
  readonly log: Logger;
}

/**
 * Starts what the settings ask for: traces where there is a collector, metrics where there is an address. Gives what
 * ends both.
 */
export async function startTelemetry({ settings, service, tls, log }: TelemetryOptions): Promise<() => Promise<void>> {
  const { endpoint, sampleRatio } = settings.telemetry;
  const { address } = settings.metrics;
  if (address !== null) await startMetrics(version);
  const server = address === null ? null : await serveMetrics({ address, tls: tls ?? null, log });
  const name = service === null ? 'praxis' : `praxis-${service}`;
  const stopTracing =
    endpoint === null
      ? null
      : await startTracing({
          endpoint,
          sampleRatio,
          service: name,
          instance: `${hostname()}-${process.pid}`,
          version,
          log,
        });
  return async () => {
    await server?.stop();
    await stopMetrics();
    await stopTracing?.();
  };
}

/** Starts metrics for a process that has a server already; gives what is to answer at its `/metrics`. */
export async function openMetrics(log: Logger): Promise<ReturnType<typeof metricsHandler>> {
  await startMetrics(version);
  return metricsHandler(log);
}
