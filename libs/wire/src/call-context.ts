import {
  context,
  createContextKey,
  ROOT_CONTEXT,
  trace,
  type Context,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import type { Metadata } from '@grpc/grpc-js';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const CALL = createContextKey('praxis.call');

/**
 * Writes the active span into a call's metadata as a W3C traceparent. There is no span for the client's side: a client
 * killed in the middle of a call would never send it, and the server's span would hang in the air.
 */
export function addTrace(metadata: Metadata): void {
  const span = trace.getSpanContext(context.active());
  if (!span || !trace.isSpanContextValid(span)) return;
  metadata.set('traceparent', `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`);
}

/** The caller's span, where it sent one. */
export function callerOf(metadata: Metadata): SpanContext | null {
  const match = TRACEPARENT.exec(String(metadata.get('traceparent')[0] ?? ''));
  const span = match && { traceId: match[1]!, spanId: match[2]!, traceFlags: parseInt(match[3]!, 16), isRemote: true };
  return span && trace.isSpanContextValid(span) ? span : null;
}

/**
 * The context of a handler: the caller's span is the active one, so that what the handler does belongs to it. The
 * server's own span has no children (if this process is killed they would be orphans); it is kept aside for `linkCall`.
 */
export function callContext(caller: SpanContext, span: Span): Context {
  return trace.setSpanContext(ROOT_CONTEXT, caller).setValue(CALL, span);
}

/** Says in the span of the call that is being answered which other trace it led to. */
export function linkCall(to: () => SpanContext): void {
  const span = context.active().getValue(CALL) as Span | undefined;
  if (span?.isRecording()) span.addLink({ context: to() });
}
