import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { clipText, ERROR_TABLE, PraxisError, type ErrorCode } from '@praxis/core';
import { tlsTrouble } from './connection-trouble.js';
import { MAX_MESSAGE_BYTES } from './message-limit.js';

const CODE_KEY = 'praxis-code';
const DETAILS_KEY = 'praxis-details-bin';
/** HTTP/2 trailers hold about 8 kB; a status message is percent-encoded, which may triple it. */
const MAX_MESSAGE = 2000;
const MAX_DETAILS = 2000;

/** What PraxisError codes have no row for; foreign servers use these. */
const OTHER_STATUS: Readonly<Record<number, ErrorCode>> = {
  [status.UNIMPLEMENTED]: 'invalid',
  [status.OUT_OF_RANGE]: 'invalid',
  [status.UNAUTHENTICATED]: 'denied',
  [status.ALREADY_EXISTS]: 'conflict',
  [status.FAILED_PRECONDITION]: 'conflict',
};

/** Whom a client was talking to, for messages. */
export interface Peer {
  /** `planner`, `world` … */
  readonly noun: string;
  readonly address: string;
  /** What to do where it cannot be reached. */
  readonly hint: string;
  /** Whether it is called over TLS. */
  readonly isSecure?: boolean;
}

/** Metadata that says which of our codes a status stands for. */
export function asPraxis(code: ErrorCode): Metadata {
  const metadata = new Metadata();
  metadata.set(CODE_KEY, code);
  return metadata;
}

/**
 * The gRPC status of anything that was thrown: code by core's table, the message as it is, and `praxis-code` in the
 * metadata. Fits grpc-js callbacks and, in a Nest filter, `throwError(() => toServiceError(e))`.
 */
export function toServiceError(thrown: unknown): ServiceError {
  const error = PraxisError.from(thrown);
  const metadata = asPraxis(error.code);
  const details = Buffer.from(JSON.stringify(error.details));
  if (Object.keys(error.details).length > 0 && details.length <= MAX_DETAILS) metadata.set(DETAILS_KEY, details);
  // The round trip replaces broken surrogate pairs, on which the status message's encoding would throw.
  const message = Buffer.from(clipText(error.message, MAX_MESSAGE)).toString();
  return Object.assign(new Error(message), { code: ERROR_TABLE[error.code].grpc, details: message, metadata });
}

/** The PraxisError that a failed call stands for, with a message that says what to do next. */
export function fromServiceError(error: ServiceError, peer: Peer, method: string): PraxisError {
  const told = error.metadata?.get(CODE_KEY)[0];
  if (typeof told === 'string' && told in ERROR_TABLE) {
    return new PraxisError(told as ErrorCode, error.details, { cause: error, details: readDetails(error.metadata) });
  }
  const trouble =
    error.code === status.UNAVAILABLE ? tlsTrouble(error.details, peer.isSecure === true, placeOf(peer)) : null;
  if (trouble) return new PraxisError(trouble.code, trouble.message, { cause: error });
  const code = OTHER_STATUS[error.code] ?? codeOfStatus(error.code);
  return new PraxisError(code, explain(error, peer, method), { cause: error });
}

function codeOfStatus(grpc: number): ErrorCode {
  const row = Object.entries(ERROR_TABLE).find(([, entry]) => entry.grpc === grpc);
  return (row?.[0] ?? 'bug') as ErrorCode;
}

function readDetails(metadata: Metadata): PraxisError['details'] {
  const bytes = metadata.get(DETAILS_KEY)[0];
  try {
    return bytes === undefined ? {} : (JSON.parse(bytes.toString()) as PraxisError['details']);
  } catch {
    return {};
  }
}

function explain(error: ServiceError, peer: Peer, method: string): string {
  const where = placeOf(peer);
  switch (error.code) {
    case status.UNAVAILABLE:
      return isConnectionTrouble(error.details)
        ? `cannot reach ${where}; ${peer.hint}`
        : `${where} is not available: ${error.details}`;
    case status.DEADLINE_EXCEEDED:
      return `${where} did not answer ${method} in time; it may be busy, try again or allow it more time`;
    case status.CANCELLED:
      return `the call of ${method} was cancelled`;
    case status.UNIMPLEMENTED:
      return `${where} does not know ${method}; it may be an older release or another service`;
    case status.RESOURCE_EXHAUSTED:
      return tooLarge(error.details, where, method) ?? error.details;
    default:
      return `${where} ${codeOfStatus(error.code) === 'bug' ? 'failed in' : 'refused'} ${method}: ${error.details}`;
  }
}

function placeOf({ noun, address }: Peer): string {
  return `the ${noun} at ${address}`;
}

/** What a message that is over a limit is told; only a server of ours takes less than both ends could carry. */
function tooLarge(details: string, where: string, method: string): string | null {
  const limit = Number(/larger than(?: max \(\d+ vs\.?)? (\d+)/.exec(details)?.[1] ?? Number.NaN);
  if (Number.isNaN(limit)) return null;
  if (limit >= MAX_MESSAGE_BYTES) return `a message of ${method} is too large (${details}); send less at once`;
  return `the request of ${method} is too large: ${where} takes ${Math.floor(limit / 1024)} kB at most; send less at once, or set its PRAXIS_LIMITS_REQUEST_KB higher`;
}

/** True where no connection was made or it broke, as opposed to a server that says it is not available. */
function isConnectionTrouble(details: string): boolean {
  return /^(no connection|connection dropped|name resolution|failed to connect)|\becon|goaway|rst_stream|refused by server|socket disconnected/i.test(
    details,
  );
}
