import { performance } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';

/** What Prometheus' dashboards expect of any process, and which release it is. */
export function observeProcess(meter: Meter, version: string): void {
  const gauge = (name: string, description: string, value: () => number): void =>
    meter.createObservableGauge(name, { description }).addCallback((result) => result.observe(value()));
  meter
    .createObservableGauge('praxis_build_info', { description: 'The release that runs; always 1.' })
    .addCallback((result) => result.observe(1, { version }));
  meter
    .createObservableCounter('process_cpu_seconds_total', { description: 'Processor time of this process.' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe((user + system) / 1e6);
    });
  gauge('process_resident_memory_bytes', 'Memory that this process holds.', () => process.memoryUsage.rss());
  gauge(
    'process_start_time_seconds',
    'When this process began, since 1970-01-01 UTC.',
    () => Math.round(performance.timeOrigin) / 1000,
  );
  // Since the scrape before: near 1, whoever asks this process for anything waits.
  let before = performance.eventLoopUtilization();
  gauge(
    'nodejs_eventloop_utilization_ratio',
    'Share of the time that the event loop was busy since the scrape before.',
    () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
  );
}
