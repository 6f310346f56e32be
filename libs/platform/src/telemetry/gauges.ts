import type { Attributes } from '@opentelemetry/api';
import type { Logger } from '@praxis/core';

/** What stands at some number now, and what each means. */
export const GAUGES = {
  praxis_runs: 'Runs by status.',
  praxis_queue_jobs: 'Jobs in the queues by state.',
  praxis_queue_oldest_job_age_seconds: 'How long the job that has waited longest has waited.',
  praxis_executors: 'Executors by state.',
  praxis_tools: 'Tools of the archive by trust.',
  praxis_questions: 'Questions that wait for people.',
} as const;

/** One number of a gauge. */
export interface Reading {
  readonly gauge: keyof typeof GAUGES;
  readonly value: number;
  readonly labels: Attributes;
}

const sources = new Set<() => Promise<readonly Reading[]>>();

/**
 * Reads the gauges whenever Prometheus asks, also where metrics are started later; gives what ends it. A look that
 * fails leaves the gauges out and is told to the log.
 */
export function observeGauges(read: () => Promise<readonly Reading[]>, log: Logger): () => void {
  const look = (): Promise<readonly Reading[]> =>
    read().catch((err: unknown) => {
      log.warn('the state of the cluster could not be read for the metrics', { err });
      return [];
    });
  sources.add(look);
  return () => void sources.delete(look);
}

/** Reads all gauges now; where two sources tell of the same, the later one is right. */
export async function readGauges(): Promise<readonly Reading[]> {
  const readings = (await Promise.all([...sources].map((look) => look()))).flat();
  return [...new Map(readings.map((r) => [JSON.stringify([r.gauge, r.labels]), r])).values()];
}
