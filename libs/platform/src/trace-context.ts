import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';

/** The active span as a W3C traceparent; null outside a trace. */
export function activeTraceparent(): string | null {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}` : null;
}

/** Runs work as a part of the trace that a traceparent names; anything else runs it as it is. */
export function withTraceparent<T>(traceparent: string | null, work: () => T): T {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '');
  if (!match) return work();
  const span = { traceId: match[1]!, spanId: match[2]!, traceFlags: parseInt(match[3]!, 16), isRemote: true };
  return context.with(trace.setSpanContext(ROOT_CONTEXT, span), work);
}
