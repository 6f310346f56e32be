import { failureCodeSchema, PraxisError, type ErrorCode, type FailureCode, type Observation } from '@praxis/core';

/** What else is known of a failure. */
export interface SkillErrorOptions {
  readonly cause?: unknown;
  /** The same call with the same arguments fails for as long as the run goes on. */
  readonly permanent?: boolean;
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
  readonly afterMs: number | null;

  constructor(code: FailureCode, message: string, options: SkillErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.permanent = options.permanent ?? false;
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
  const said = asSkillError(thrown);
  if (said !== null) return observed(said);
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
  return observed(new SkillError(code, text.trim() === '' ? `${call.skill} failed and did not say why` : text));
}

/** A module of a user may bring its own copy of this class: the name and a valid code are what counts. */
function asSkillError(thrown: unknown): SkillError | null {
  if (thrown instanceof SkillError) return thrown;
  if (!(thrown instanceof Error) || thrown.name !== 'SkillError' || !('code' in thrown)) return null;
  const code = failureCodeSchema.safeParse(thrown.code);
  if (!code.success) return null;
  const { permanent, afterMs } = thrown as { permanent?: unknown; afterMs?: unknown };
  return new SkillError(code.data, thrown.message, {
    permanent: permanent === true,
    afterMs: typeof afterMs === 'number' ? afterMs : null,
  });
}

function observed({ code, message, permanent, afterMs }: SkillError): Observation {
  const result = {
    ok: false,
    code,
    message: message.slice(0, MESSAGE_LENGTH),
    ...(permanent && ({ permanent: true } as const)),
  } as const;
  const retry =
    code === 'unavailable' || code === 'timeout' ? { afterMs, inDoubt: false, isOutage: code === 'unavailable' } : null;
  return { result, state: null, ...(retry !== null && !permanent && { retry }) };
}
