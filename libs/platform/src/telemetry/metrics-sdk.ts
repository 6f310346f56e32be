import { ValueType, metrics, type HrTime } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  MeterProvider,
  type GaugeMetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { GAUGES, readGauges } from './gauges.js';

/** The metrics of this process, and their text for Prometheus. */
export interface MetricsSdk {
  text(): Promise<string>;
  stop(): Promise<void>;
}

/** Registers OpenTelemetry's SDK for metrics in this process. */
export function openMetricsSdk(): MetricsSdk {
  const reader = new PrometheusExporter({ preventServerStart: true, metricProducers: [gaugeProducer] });
  const serializer = new PrometheusSerializer('', false, undefined, true, true);
  const provider = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  return {
    text: async () => serializer.serialize((await reader.collect()).resourceMetrics),
    stop: async () => {
      await provider.shutdown();
      metrics.disable();
    },
  };
}

/** Gauges are read anew: the SDK's own would go on telling the last number of a lane or a queue that is gone. */
const gaugeProducer: MetricProducer = {
  collect: async () => {
    const readings = await readGauges();
    const now: HrTime = [Math.floor(Date.now() / 1000), 0];
    const told = Object.entries(GAUGES).map(([name, description]): GaugeMetricData => ({
      descriptor: { name, description, unit: '', valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.GAUGE,
      dataPoints: readings
        .filter((r) => r.gauge === name)
        .map(({ labels, value }) => ({ startTime: now, endTime: now, attributes: labels, value })),
    }));
    return {
      resourceMetrics: {
        resource: emptyResource(),
        scopeMetrics: [{ scope: { name: 'praxis' }, metrics: told.filter((m) => m.dataPoints.length > 0) }],
      },
      errors: [],
    };
  },
};
