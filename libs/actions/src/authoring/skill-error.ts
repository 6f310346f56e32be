import { failureCodeSchema, PraxisError, type ErrorCode, type FailureCode, type Observation } from '@praxis/core';

/** What else is known of a failure. */
export interface SkillErrorOptions {
  readonly cause?: unknown;
  /** The same call with the same arguments fails for as long as the run goes on. */
  readonly permanent?: boolean;
  /** The same call may succeed soon; true for `unavailable` unless it says otherwise, false for the rest. */
  readonly mayRepeat?: boolean;
  /** The pause in milliseconds that a server asked for; null or absent where it asked for none. */
  readonly afterMs?: number | null;
}

/**
 * What a skill throws to say why it failed. The message is for the person or the model that called it: it says what to
 * change. An `unavailable` service is waited for.
 *
 * @example
 * throw new SkillError('not-applicable', `There is no customer ${id}. List the customers first.`);
 */
export class SkillError extends Error {
  override readonly name = 'SkillError';
  readonly code: FailureCode;
  readonly permanent: boolean;
  readonly mayRepeat: boolean;
  readonly afterMs: number | null;

  constructor(code: FailureCode, message: string, options: SkillErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.permanent = options.permanent ?? false;
    this.mayRepeat = options.mayRepeat ?? (code === 'unavailable' && !this.permanent);
    this.afterMs = options.afterMs ?? null;
  }
}

/** How a skill was called when it threw. */
export interface FailedCall {
  readonly skill: string;
  readonly isCancelled: boolean;
  /** The skill changes nothing, or does the same action once only per key. */
  readonly isRepeatable: boolean;
}

/** Failures of the product's own parts, in the codes of skills; all others are `world-error`. */
const OWN_FAILURES: Partial<Record<ErrorCode, FailureCode>> = {
  unavailable: 'unavailable',
  timeout: 'timeout',
  cancelled: 'cancelled',
  denied: 'denied',
};

/** The longest message of a failure, in characters. */
const MESSAGE_LENGTH = 2_000;

/** The observation of whatever a skill threw (S10). Stacks and class names of the skill's own code stay out of it. */
export function failedObservation(thrown: unknown, call: FailedCall): Observation {
  const own = asSkillError(thrown);
  if (own !== null) return observed(own);
  if (call.isCancelled)
    return observed(
      call.isRepeatable
        ? new SkillError('cancelled', `${call.skill} was cancelled`)
        : new SkillError(
            'unknown-outcome',
            `${call.skill} was cancelled while it ran; it may or may not have been done`,
          ),
    );
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const code = thrown instanceof PraxisError ? (OWN_FAILURES[thrown.code] ?? 'world-error') : 'world-error';
  const mayRepeat = code === 'unavailable' || (thrown instanceof PraxisError && code === 'timeout');
  const said = text.trim() === '' ? `${call.skill} failed and did not say why` : text;
  return observed(new SkillError(code, said, { mayRepeat }));
}

/** A module of a user may bring its own copy of this class: the name and a valid code are what counts. */
function asSkillError(thrown: unknown): SkillError | null {
  if (thrown instanceof SkillError) return thrown;
  if (!(thrown instanceof Error) || thrown.name !== 'SkillError' || !('code' in thrown)) return null;
  const code = failureCodeSchema.safeParse(thrown.code);
  if (!code.success) return null;
  const { permanent, afterMs, mayRepeat } = thrown as unknown as Readonly<Record<string, unknown>>;
  return new SkillError(code.data, thrown.message, {
    permanent: permanent === true,
    ...(typeof mayRepeat === 'boolean' && { mayRepeat }),
    afterMs: typeof afterMs === 'number' ? afterMs : null,
  });
}

function observed({ code, message, permanent, afterMs, mayRepeat }: SkillError): Observation {
  const result = {
    ok: false,
    code,
    message: message.slice(0, MESSAGE_LENGTH),
    ...(permanent && ({ permanent: true } as const)),
  } as const;
  const retry = { afterMs, inDoubt: false, isOutage: code === 'unavailable' };
  return { result, state: null, ...(mayRepeat && { retry }) };
}
