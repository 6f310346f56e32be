import {
  canonical,
  PraxisError,
  type Action,
  type ErrorCode,
  type Json,
  type ProblemText,
  type World,
  type WorldInfo,
  type WorldSession,
  type WorldState,
} from '@praxis/core';

/** What came of checking one law; a skipped law is about something that the world does not claim to do. */
export interface LawResult {
  readonly law: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly skipped?: boolean;
}

/** In which situation to check a world. */
export interface CheckOptions {
  /** Default: the world's first scenario. */
  readonly scenario?: string;
  /** For a world that opens problems of the caller's. */
  readonly problem?: ProblemText;
  /** Default `1`. */
  readonly seed?: string;
  /** Actions in a walk; default 12. */
  readonly steps?: number;
}

/** What the check of a law may use. */
export interface Trial {
  readonly world: World;
  readonly info: WorldInfo;
  readonly scenario: string;
  readonly problem: ProblemText | null;
  readonly seed: string;
  readonly steps: number;
  /** An id that no session has had. */
  freshId(): string;
  /** A new session, or one with a given id; it is closed when the check is over. */
  open(sessionId?: string): Promise<WorldSession>;
  /** Actions that may be possible now, from the world or from its briefing; empty where neither can tell. */
  possible(session: WorldSession): Promise<readonly Action[]>;
}

/** One law of worlds: a sentence, and a check that throws where it is broken. */
export interface Law {
  readonly law: string;
  check(trial: Trial): Promise<void>;
}

/** Thrown where a world breaks a law. */
export class LawBroken extends Error {
  override readonly name = 'LawBroken';
}

/** Thrown where a law says nothing about this world. */
export class LawSkipped extends Error {
  override readonly name = 'LawSkipped';
}

/** Breaks the law unless the condition holds. */
export function must(condition: boolean, detail: string): asserts condition {
  if (!condition) throw new LawBroken(detail);
}

/** Skips the law unless the condition holds. */
export function needs(condition: boolean, detail: string): asserts condition {
  if (!condition) throw new LawSkipped(detail);
}

/** Breaks the law unless two values are equal as JSON. */
export function mustEqual(found: unknown, wanted: unknown, what: string): void {
  must(
    canonical(found as Json) === canonical(wanted as Json),
    `${what}: found ${shorten(found)}, expected ${shorten(wanted)}`,
  );
}

/** Breaks the law unless the call fails with this code. */
export async function mustFail(call: Promise<unknown>, code: ErrorCode, what: string): Promise<void> {
  const failure = await call.then(
    () => null,
    (thrown: unknown) => PraxisError.from(thrown),
  );
  must(failure !== null, `${what} must fail with ${code}, but nothing failed`);
  must(failure.code === code, `${what} must fail with ${code}, but failed with ${failure.code}: ${failure.message}`);
}

/** Facts in order, for worlds that do not sort them. */
export function sorted(state: WorldState): WorldState {
  return { facts: [...state.facts].sort(), numbers: state.numbers };
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
