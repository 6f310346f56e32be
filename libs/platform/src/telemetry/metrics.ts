import { metrics } from '@opentelemetry/api';
import { PraxisError } from '@praxis/core';
import type { MetricsSdk } from './metrics-sdk.js';
import { observeProcess } from './process-metrics.js';

let running: Promise<MetricsSdk> | null = null;

/** Begins to measure; the SDK is loaded only now. A second call changes nothing. */
export async function startMetrics(version: string): Promise<void> {
  running ??= open(version);
  await running;
}

async function open(version: string): Promise<MetricsSdk> {
  const { openMetricsSdk } = await import('./metrics-sdk.js');
  const sdk = openMetricsSdk();
  observeProcess(metrics.getMeter('praxis'), version);
  return sdk;
}

/** All metrics of this process in Prometheus' text format; fails where they were not started. */
export async function metricsText(): Promise<string> {
  if (!running) throw new PraxisError('bug', 'Metrics were asked for before they were started.');
  return (await running).text();
}

/** The `content-type` of that text. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Stops measuring. */
export async function stopMetrics(): Promise<void> {
  const sdk = await running;
  running = null;
  await sdk?.stop();
}
