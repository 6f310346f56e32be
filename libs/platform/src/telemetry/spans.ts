import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  context,
  trace,
  type Attributes,
  type SpanContext,
} from '@opentelemetry/api';
import { clipText, PraxisError } from '@praxis/core';
import { withRun } from './trace-context.js';
import type { SpanRef } from './span-ids.js';
import { tracing } from './tracing.js';

/**
 * One trace per run, whoever works on it and whoever dies.
 *
 * spans.1 Only durable spans have children: run, plan, subgoal and reflect, whose ids follow from the journal. All
 *         others are leaves of the durable span they happened in; a killed process loses leaves, but leaves no orphans.
 * spans.2 A durable span is written when its end is in the journal, by whoever wrote that, with the times of the
 *         journal: after a crash somebody else writes the very same span.
 * spans.3 While work is under way the active span is the durable one: log lines and calls to other services carry its
 *         ids.
 * spans.4 Where nothing is traced, nothing is computed.
 */
export interface SpanRecord {
  readonly name: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  /** Why it went wrong, in a word; null or left out where it did not. */
  readonly failure?: string | null;
  readonly links?: readonly SpanRef[];
  readonly kind?: SpanKind;
}

/** Writes a span whose ids are known (spans.2). */
export function writeSpan(ref: SpanRef, record: SpanRecord): void {
  write(ref.parentId === null ? null : { ...ref, spanId: ref.parentId }, ref, record);
}

/** Writes a leaf of a durable span, after the fact. */
export function writeLeaf(under: SpanRef, record: SpanRecord): void {
  write(under, undefined, record);
}

function write(
  parent: SpanRef | null,
  ids: SpanRef | undefined,
  { name, startedAt, endedAt, attributes, failure, links, kind }: SpanRecord,
): void {
  const now = tracing();
  if (!now?.keeps((ids ?? parent)!)) return;
  const above = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContextOf(parent));
  // Clocks of two processes may differ; no span ends before it began.
  const [from, to] = [Math.min(startedAt, endedAt), Math.max(startedAt, endedAt)];
  const options = {
    kind: kind ?? SpanKind.INTERNAL,
    startTime: new Date(from),
    attributes,
    links: (links ?? []).map((link) => ({ context: spanContextOf(link) })),
  };
  const span = now.start(name, options, above, ids);
  if (failure) span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
  span.end(new Date(to));
}

/** Does work inside a durable span (spans.3), whose ids are computed only where somebody traces (spans.4). */
export function within<T>(find: () => SpanRef, work: () => T): T {
  if (!tracing()) return work();
  const ref = find();
  return context.with(withRun(trace.setSpanContext(ROOT_CONTEXT, spanContextOf(ref)), ref.run), work);
}

/** Adds facts that are known only at the end. */
export type Note = (attributes: Attributes) => void;

/** Does work as a leaf of the durable span that is active; without one, or without tracing, just does it. */
export async function leaf<T>(name: string, attributes: Attributes, work: (note: Note) => Promise<T>): Promise<T> {
  const now = tracing();
  const above = now && trace.getSpanContext(context.active());
  if (!above || (above.traceFlags & TraceFlags.SAMPLED) === 0) return work(() => undefined);
  const span = now.start(name, { attributes }, context.active());
  try {
    return await work((more) => void span.setAttributes(more));
  } catch (thrown) {
    span.setAttribute('error.type', PraxisError.from(thrown).code).setStatus({ code: SpanStatusCode.ERROR });
    throw thrown;
  } finally {
    span.end();
  }
}

/** The ids as OpenTelemetry wants them, for a link from another trace. */
export function spanContextOf(ref: SpanRef): SpanContext {
  const traceFlags = tracing()?.keeps(ref) === true ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return { traceId: ref.traceId, spanId: ref.spanId, traceFlags };
}

/** Text for an attribute: the beginning of it. */
export const brief = (text: string): string => (text.length <= 200 ? text : `${clipText(text, 199)}…`);
