import { ROOT_CONTEXT, context, createContextKey, trace, type Context } from '@opentelemetry/api';
import type { RunId } from '@praxis/core';

const RUN = createContextKey('praxis.run');

/** A context that knows its run. */
export const withRun = (from: Context, run: RunId): Context => from.setValue(RUN, run);

/** The ids of the trace, the span and the run that are active, as log fields; none outside of a trace. */
export function activeIds(): Readonly<Record<string, string>> {
  const active = context.active();
  const span = trace.getSpanContext(active);
  const run = active.getValue(RUN);
  return { ...(span && { trace: span.traceId, span: span.spanId }), ...(typeof run === 'string' && { run }) };
}

/** Starts something that outlives the work that needed it first: it belongs to no run. */
export const outside = <T>(work: () => T): T => context.with(ROOT_CONTEXT, work);
