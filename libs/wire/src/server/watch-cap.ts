import {
  ResponderBuilder,
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { asPraxis } from '../service-error.js';

/** The one stream that asks for no key. */
const HEALTH_WATCH = '/grpc.health.v1.Health/Watch';

/** A load balancer holds one for each service it knows. */
const PER_ADDRESS = 100;
const IN_ALL = 1_000;

/**
 * Bounds the streams of the health service, which everybody may open: so many for each address, and so many in all.
 * What is over the bound is refused with RESOURCE_EXHAUSTED.
 */
export function healthWatchCap(perAddress = PER_ADDRESS, inAll = IN_ALL): ServerInterceptor {
  const open = new Map<string, number>();
  let all = 0;
  return (method, call) => {
    if (method.path !== HEALTH_WATCH) return new ServerInterceptingCall(call);
    const from = addressOf(call.getPeer());
    let isCounted = false;
    const end = (): void => {
      if (!isCounted) return;
      isCounted = false;
      all--;
      const left = (open.get(from) ?? 1) - 1;
      if (left > 0) open.set(from, left);
      else open.delete(from);
    };
    const listener = new ServerListenerBuilder().withOnCancel(end).build();
    const responder = new ResponderBuilder()
      .withStart((next) => {
        if (all >= inAll || (open.get(from) ?? 0) >= perAddress) return call.sendStatus(refusal());
        isCounted = true;
        all++;
        open.set(from, (open.get(from) ?? 0) + 1);
        next(listener);
      })
      .withSendStatus((sent, next) => {
        end();
        next(sent);
      })
      .build();
    return new ServerInterceptingCall(call, responder);
  };
}

const refusal = () => ({
  code: status.RESOURCE_EXHAUSTED,
  details: 'Too many health streams are open from this address; close some, or ask with Check.',
  metadata: asPraxis('exhausted'),
});

/** A peer without its port. */
export const addressOf = (peer: string): string => peer.slice(0, peer.lastIndexOf(':'));
