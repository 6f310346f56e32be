import type { Logger } from '@praxis/core';
import { isKept, type SpanRef } from './span-ids.js';
import type { TraceSdk } from './trace-sdk.js';

/** What a process says about itself, and where its traces go. */
export interface TraceOptions {
  /** A collector that takes OTLP over HTTP, with or without `/v1/traces`. */
  readonly endpoint: string;
  readonly sampleRatio: number;
  /** `praxis-planner`, or `praxis` where all services share the process. */
  readonly service: string;
  readonly instance: string;
  readonly version: string;
  readonly log: Logger;
}

/** The SDK while this process traces, and which traces it keeps. */
export interface Tracing extends TraceSdk {
  keeps(span: SpanRef): boolean;
}

let running: Tracing | null = null;

/** Null where nothing is traced: whoever would have to compute something for a span asks first. */
export const tracing = (): Tracing | null => running;

/** Whether this process traces. */
export const isTracing = (): boolean => running !== null;

/** Begins to trace; the SDK is loaded only now. Gives what ends it and sends the rest. */
export async function startTracing(options: TraceOptions): Promise<() => Promise<void>> {
  const { openTraceSdk } = await import('./trace-sdk.js');
  const sdk = openTraceSdk(options);
  running = { ...sdk, keeps: ({ traceId }) => isKept(traceId, options.sampleRatio) };
  return async () => {
    running = null;
    await sdk.stop();
  };
}
