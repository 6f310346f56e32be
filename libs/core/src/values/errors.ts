/** What went wrong, in nine words; each has one gRPC status and one retry rule. */
export type ErrorCode =
  | 'invalid'
  | 'missing'
  | 'denied'
  | 'exhausted'
  | 'conflict'
  | 'unavailable'
  | 'timeout'
  | 'cancelled'
  | 'bug';

/** `never`: the same call fails again. `backoff`: try again soon. `later`: only after something else has changed. */
export type RetryRule = 'never' | 'backoff' | 'later';

/** The one table of error codes: their gRPC status number, retry rule and process exit code. */
export const ERROR_TABLE: Readonly<
  Record<ErrorCode, { readonly grpc: number; readonly retry: RetryRule; readonly exit: number }>
> = {
  invalid: { grpc: 3, retry: 'never', exit: 2 },
  missing: { grpc: 5, retry: 'never', exit: 3 },
  denied: { grpc: 7, retry: 'never', exit: 4 },
  exhausted: { grpc: 8, retry: 'later', exit: 5 },
  conflict: { grpc: 10, retry: 'later', exit: 6 },
  unavailable: { grpc: 14, retry: 'backoff', exit: 7 },
  timeout: { grpc: 4, retry: 'backoff', exit: 8 },
  cancelled: { grpc: 1, retry: 'never', exit: 130 },
  bug: { grpc: 13, retry: 'never', exit: 70 },
};

export interface ErrorOptions {
  readonly cause?: unknown;
  /** Facts for a program; never secrets, never prompts. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** What an error says that the work behind it had cost before it failed; null where it says nothing. */
export function spentOf(
  thrown: unknown,
): { readonly calls: number; readonly tokens: number; readonly money: number } | null {
  if (!(thrown instanceof PraxisError)) return null;
  const { calls, tokens, money } = thrown.details;
  if (typeof calls !== 'number' || typeof tokens !== 'number' || typeof money !== 'number') return null;
  return calls + tokens + money > 0 ? { calls, tokens, money } : null;
}

/**
 * The one error class. The message says what happened and what to do next, for a person.
 * A failed action is not an error but an observation (S10).
 */
export class PraxisError extends Error {
  override readonly name = 'PraxisError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  /** Makes anything that was thrown a PraxisError; what is not one already becomes a `bug`. */
  static from(thrown: unknown): PraxisError {
    if (thrown instanceof PraxisError) return thrown;
    if (thrown instanceof Error && thrown.name === 'AbortError')
      return new PraxisError('cancelled', 'The work was cancelled.', { cause: thrown });
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC') {
      return new PraxisError(
        'exhausted',
        'The disk is full. Free some space and start again; nothing that was stored is lost.',
        { cause: thrown },
      );
    }
    return new PraxisError('bug', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}
