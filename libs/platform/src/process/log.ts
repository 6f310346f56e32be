import type { LogFields, Logger } from '@praxis/core';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { hide } from '../settings/load-settings.js';
import { activeIds } from '../telemetry/trace-context.js';

/** How a process logs. */
export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Who speaks: `planner`, `executor-1`, `cli`. */
  readonly name: string;
}

/**
 * JSON lines, on stderr unless told otherwise. Ids of the active run and its trace are added by themselves; passwords
 * in addresses and fields named like secrets never appear.
 */
export function createLogger(
  { level, name }: LogOptions,
  to: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger {
  const redact = {
    paths: ['password', 'token', 'secret', 'apiKey', '*.password', '*.token', '*.secret', '*.apiKey'],
    censor: '***',
  };
  const root = pino(
    {
      level,
      redact,
      base: { name },
      serializers: { err: (error: unknown) => (error instanceof Error ? plainError(error) : error) },
    },
    to,
  );
  return wrap(root);
}

/** `bound`: fields that every line has already; a JSON line must not name one twice. */
function wrap(log: Pino, bound: readonly string[] = []): Logger {
  const write =
    (level: 'error' | 'warn' | 'info' | 'debug') =>
    (message: string, fields: LogFields = {}) => {
      if (log.isLevelEnabled(level)) log[level]({ ...without(activeIds(), bound), ...clean(fields) }, message);
    };
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    child: (fields) => wrap(log.child(clean(fields)), [...bound, ...Object.keys(fields)]),
  };
}

function without(fields: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

function clean(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? hide(value) : value]),
  );
}

/** Only what a person needs: other fields of an error may hold whole clients, and their secrets. */
function plainError(error: Error): Record<string, unknown> {
  const { name, message, stack, code } = error as Error & { code?: unknown };
  const cause = error.cause instanceof Error ? { cause: hide(error.cause.message) } : {};
  return {
    type: name,
    message: hide(message),
    ...(code === undefined ? {} : { code }),
    ...cause,
    stack: hide(stack ?? ''),
  };
}
