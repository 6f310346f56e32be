import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Metadata } from '@grpc/grpc-js';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Writes the active span into a call's metadata as a W3C traceparent. */
export function addTrace(metadata: Metadata): void {
  const span = trace.getSpanContext(context.active());
  if (!span || !trace.isSpanContextValid(span)) return;
  metadata.set('traceparent', `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`);
}

/** Runs a handler as part of the caller's trace, where the caller sent one. */
export function withCallContext<T>(metadata: Metadata, handler: () => T): T {
  // An instrumentation that already opened a server span knows better.
  if (trace.getSpanContext(context.active())) return handler();
  const match = TRACEPARENT.exec(String(metadata.get('traceparent')[0] ?? ''));
  if (!match) return handler();
  const span = { traceId: match[1]!, spanId: match[2]!, traceFlags: parseInt(match[3]!, 16), isRemote: true };
  return context.with(trace.setSpanContext(ROOT_CONTEXT, span), handler);
}
