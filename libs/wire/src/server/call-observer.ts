import {
  ResponderBuilder,
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import {
  context,
  metrics,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Histogram,
  type MeterProvider,
  type Span,
} from '@opentelemetry/api';
import { callContext, callerOf } from '../call-context.js';

/** Calls take from less than a millisecond to some seconds; those that watch take as long as anybody looks. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

let made: { readonly by: MeterProvider; readonly durations: Histogram } | null = null;

/** Made anew for each provider: what is made before one is registered measures nothing, for ever. */
function durations(): Histogram {
  const by = metrics.getMeterProvider();
  if (made?.by !== by) {
    const options = {
      description: 'Time that answering a gRPC call took.',
      advice: { explicitBucketBoundaries: SECONDS },
    };
    made = { by, durations: by.getMeter('praxis').createHistogram('praxis_grpc_server_duration_seconds', options) };
  }
  return made.durations;
}

/**
 * Measures every call, and gives those that came with a traceparent a span in the caller's trace. Polls and health
 * checks come without one, and leave no spans.
 */
export const callObserver: ServerInterceptor = (method, call) => {
  const began = performance.now();
  const [, service = '', name = ''] = method.path.split('/');
  let span: Span | null = null;
  let within: Context | null = null;
  let isOver = false;
  const end = (code: number): void => {
    if (isOver) return;
    isOver = true;
    const word = status[code] ?? String(code);
    durations().record((performance.now() - began) / 1000, {
      service: service.slice(service.lastIndexOf('.') + 1),
      method: name,
      code: word,
    });
    span?.setAttribute('rpc.status_code', word);
    if (code !== status.OK) span?.setAttribute('error.type', word).setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  };
  const listener = new ServerListenerBuilder()
    .withOnReceiveMetadata((metadata, next) => {
      const caller = callerOf(metadata);
      if (caller) {
        const attributes = { 'rpc.system.name': 'grpc', 'rpc.method': `${service}/${name}` };
        span = trace
          .getTracer('praxis')
          .startSpan(
            `${service}/${name}`,
            { kind: SpanKind.SERVER, attributes },
            trace.setSpanContext(ROOT_CONTEXT, caller),
          );
        within = callContext(caller, span);
      }
      // The handler of a request that is a stream runs inside of this,
      if (within) context.with(within, () => next(metadata));
      else next(metadata);
    })
    // all others inside of this.
    .withOnReceiveHalfClose((next) => (within ? context.with(within, next) : next()))
    .withOnCancel(() => end(status.CANCELLED))
    .build();
  const responder = new ResponderBuilder()
    .withStart((next) => next(listener))
    .withSendStatus((given, next) => {
      end(given.code ?? status.UNKNOWN);
      next(given);
    })
    .build();
  return new ServerInterceptingCall(call, responder);
};
