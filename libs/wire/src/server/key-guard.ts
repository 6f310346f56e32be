import {
  type Metadata,
  ResponderBuilder,
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { keyChecker } from '../api-key.js';
import { asPraxis } from '../service-error.js';

/** Load balancers and container engines ask here, and have no key. */
const OPEN = '/grpc.health.v1.Health/';

const HEADER = 'authorization';

/**
 * Asks callers for a key: `authorization: Bearer <key>`.
 *
 * key-guard.1 Every call shows a key whose hash is listed, but for those of the standard health service.
 * key-guard.2 A refused call reaches no handler, and its request is not read.
 * key-guard.3 The key goes no further than here, and neither key nor hash stands in an answer.
 */
export function keyGuard(hashes: readonly string[]): ServerInterceptor {
  const isListed = keyChecker(hashes);
  return (method, call) => {
    if (method.path.startsWith(OPEN)) return new ServerInterceptingCall(call);
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const shown = shownKey(metadata);
        if (shown === null || !isListed(shown)) return call.sendStatus(refusal(shown !== null));
        metadata.remove(HEADER);
        next(metadata);
      })
      .build();
    return new ServerInterceptingCall(call, new ResponderBuilder().withStart((next) => next(listener)).build());
  };
}

function shownKey(metadata: Metadata): string | null {
  const [header] = metadata.get(HEADER);
  return /^Bearer +(\S+)$/i.exec(String(header ?? ''))?.[1] ?? null;
}

function refusal(hasKey: boolean): { readonly code: number; readonly details: string; readonly metadata: Metadata } {
  const details = hasKey
    ? 'This service does not accept the key that was shown; set PRAXIS_API_KEY (or PRAXIS_API_KEY_FILE) to one whose hash stands in its PRAXIS_API_KEY_HASHES.'
    : 'This service asks for a key; set PRAXIS_API_KEY (or PRAXIS_API_KEY_FILE).';
  return { code: status.UNAUTHENTICATED, details, metadata: asPraxis('denied') };
}
