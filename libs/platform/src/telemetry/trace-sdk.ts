import { context, trace, TraceFlags, type Context, type Span, type SpanOptions } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  SamplingDecision,
  TracerProvider,
  type IdGenerator,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import type { Logger } from '@praxis/core';
import { hide } from '../settings/load-settings.js';
import { isKept } from './span-ids.js';
import type { TraceOptions } from './tracing.js';

/** How long spans are gathered before they are sent; what a killed process had gathered is lost. */
const DELAY_MS = 1_000;
/** A collector that does not answer within this, asked again meanwhile, is away. */
const SEND_MS = 3_000;
/** How long the end of a process may wait for the last spans to be sent. */
const STOP_MS = 3_000;

/** Where spans are begun, and from where they are sent. */
export interface TraceSdk {
  start(name: string, options: SpanOptions, parent: Context, ids?: Ids): Span;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Ids that a span gets instead of random ones. */
export interface Ids {
  readonly traceId: string;
  readonly spanId: string;
}

/** Registers OpenTelemetry's SDK for traces in this process. */
export function openTraceSdk({ endpoint, sampleRatio, service, instance, version, log }: TraceOptions): TraceSdk {
  const ids = new ChosenIds();
  const exporter = new CalmExporter(
    new OTLPTraceExporter({ url: tracesUrl(endpoint), timeoutMillis: SEND_MS }),
    endpoint,
    log,
  );
  const provider = new TracerProvider({
    idGenerator: ids,
    sampler: samplerOf(sampleRatio),
    resource: resourceFromAttributes({
      'service.namespace': 'praxis',
      'service.name': service,
      'service.version': version,
      'service.instance.id': instance,
    }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: DELAY_MS, maxQueueSize: 16_384 })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer = provider.getTracer('praxis', version);
  return {
    start: (name, options, parent, chosen) => ids.during(chosen ?? null, () => tracer.startSpan(name, options, parent)),
    flush: () => provider.forceFlush().catch(() => undefined),
    stop: async () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_MS)));
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
      trace.disable();
      context.disable();
    },
  };
}

/** The collector's address for traces, whether or not the path was named. */
export function tracesUrl(endpoint: string): string {
  const bare = endpoint.replace(/\/+$/, '');
  return bare.endsWith('/v1/traces') ? bare : `${bare}/v1/traces`;
}

/** A part of a trace follows its parent; a root, and so a whole run, is kept or not by its id. */
function samplerOf(ratio: number): Sampler {
  return {
    shouldSample: (parent, traceId) => {
      const above = trace.getSpanContext(parent);
      const kept = above ? (above.traceFlags & TraceFlags.SAMPLED) !== 0 : isKept(traceId, ratio);
      return { decision: kept ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
    },
    toString: () => `ByTraceId{${ratio}}`,
  };
}

/** Random ids, unless ids are chosen for the one span that is begun now. */
class ChosenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #chosen: Ids | null = null;

  generateTraceId = (): string => this.#chosen?.traceId ?? this.#random.generateTraceId();
  generateSpanId = (): string => this.#chosen?.spanId ?? this.#random.generateSpanId();

  during<T>(chosen: Ids | null, start: () => T): T {
    this.#chosen = chosen;
    try {
      return start();
    } finally {
      this.#chosen = null;
    }
  }
}

/** Sends, and says once, not every second, that nobody takes what it sends. */
class CalmExporter implements SpanExporter {
  #isAway = false;

  constructor(
    private readonly inner: SpanExporter,
    private readonly endpoint: string,
    private readonly log: Logger,
  ) {}

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.inner.export(spans, (result) => {
      const failed = result.code !== 0;
      if (failed && !this.#isAway)
        this.log.warn('the collector takes no traces; the work goes on without them', {
          endpoint: hide(this.endpoint),
          err: result.error,
        });
      this.#isAway = failed;
      done({ code: 0 });
    });
  }

  async forceFlush(): Promise<void> {
    await this.inner.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown();
  }
}
