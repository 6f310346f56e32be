import {
  logVerbosity,
  ResponderBuilder,
  ServerInterceptingCall,
  setLogVerbosity,
  status,
  type ServerInterceptor,
  type ServerOptions,
} from '@grpc/grpc-js';
import type { Logger } from '@praxis/core';
import { MAX_MESSAGE_BYTES } from '../message-limit.js';
import type { ServerSecurity } from '../security.js';
import { callObserver } from './call-observer.js';
import { keyGuard } from './key-guard.js';
import { healthWatchCap } from './watch-cap.js';

/** How long a connection without calls stays, and how old one may become, in milliseconds. */
const IDLE_MS = 5 * 60_000;
const AGE_MS = 60 * 60_000;

/** Calls at a time on one connection; a dashboard holds one for each page that is open. */
const STREAMS = 2_000;

/** Statuses that say something is wrong with the server, not with the request. */
const FAULTS: readonly number[] = [status.UNKNOWN, status.INTERNAL, status.DATA_LOSS];

/** How our servers listen: message sizes, keepalive, keys, and one log line per call where there is a log. */
export function serverOptions(log: Logger | null, security: ServerSecurity | null = null): ServerOptions {
  // What the library would print itself, such as a taken port, reaches our caller as an error.
  setLogVerbosity(logVerbosity.NONE);
  return {
    'grpc.max_receive_message_length': security?.requestBytes ?? MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    // A watcher whose machine vanished is noticed within half a minute, and its follow ends.
    'grpc.keepalive_time_ms': 20_000,
    'grpc.keepalive_timeout_ms': 10_000,
    // A client that uses its connection no more is let go; it connects again by itself. Streams that run are not cut.
    'grpc.max_connection_idle_ms': IDLE_MS,
    'grpc.max_connection_age_ms': AGE_MS,
    'grpc.max_concurrent_streams': STREAMS,
    // The last stands nearest to the handlers: what the guard refuses is seen by those before it.
    interceptors: [
      callObserver,
      healthWatchCap(),
      ...(log === null ? [] : [callLog(log)]),
      ...(security?.keyHashes.length ? [keyGuard(security.keyHashes)] : []),
    ],
  };
}

function callLog(log: Logger): ServerInterceptor {
  return (method, call) => {
    const began = performance.now();
    const responder = new ResponderBuilder().withSendStatus(({ code = status.UNKNOWN, details, ...rest }, next) => {
      const fields = { method: method.path, status: status[code] ?? code, ms: Math.round(performance.now() - began) };
      if (FAULTS.includes(code)) log.error('a call failed', { ...fields, details: details ?? '' });
      else log.debug('a call was answered', fields);
      next({ ...rest, code, details: details ?? '' });
    });
    return new ServerInterceptingCall(call, responder.build());
  };
}
