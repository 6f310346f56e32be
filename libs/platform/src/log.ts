import { trace } from '@opentelemetry/api';
import type { LogFields, Logger } from '@praxis/core';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { hide } from './load-settings.js';

/** How a process logs. */
export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Who speaks: `planner`, `executor-1`, `cli`. */
  readonly name: string;
}

/**
 * JSON lines, on stderr unless told otherwise. Ids of the active trace are added by themselves; passwords in addresses and fields named like
 * secrets never appear.
 */
export function createLogger({ level, name }: LogOptions, to: DestinationStream = pino.destination({ fd: 2, sync: true })): Logger {
  const redact = { paths: ['password', 'token', 'secret', 'apiKey', '*.password', '*.token', '*.secret', '*.apiKey'], censor: '***' };
  const root = pino(
    {
      level,
      redact,
      base: { name },
      serializers: { err: (error: unknown) => (error instanceof Error ? plainError(error) : error) },
      mixin: activeTrace,
    },
    to,
  );
  return wrap(root);
}

function wrap(log: Pino): Logger {
  const write = (level: 'error' | 'warn' | 'info' | 'debug') => (message: string, fields: LogFields = {}) => log[level](clean(fields), message);
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug'), child: (fields) => wrap(log.child(clean(fields))) };
}

function clean(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? hide(value) : value]));
}

function activeTrace(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { trace: span.traceId, span: span.spanId } : {};
}

/** Only what a person needs: other fields of an error may hold whole clients, and their secrets. */
function plainError(error: Error): Record<string, unknown> {
  const { name, message, stack, code } = error as Error & { code?: unknown };
  const cause = error.cause instanceof Error ? { cause: hide(error.cause.message) } : {};
  return { type: name, message: hide(message), ...(code === undefined ? {} : { code }), ...cause, stack: hide(stack ?? '') };
}
