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

/** A part of a world that it may have or not. */
export type Capability =
  | 'rules'
  | 'legal'
  | 'snapshots'
  | 'clones'
  | 'scenarios'
  | 'skills'
  | 'states before actions'
  | 'plain arguments';

/**
 * What came of checking one law. `absent`: the law is about a part that the world does not have. `not-shown`: nothing
 * in this situation shows whether it holds.
 */
export type LawResult =
  | { readonly law: string; readonly outcome: 'holds'; readonly detail: '' }
  | { readonly law: string; readonly outcome: 'broken' | 'not-shown'; readonly detail: string }
  | { readonly law: string; readonly outcome: 'absent'; readonly detail: string; readonly lacks: Capability };

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
  /** Actions that reach the scenario's goal one after another, for a world that tells neither rules nor legal actions. */
  readonly actions?: readonly Action[];
}

/** What the check of a law may use. */
export interface Trial {
  readonly world: World;
  readonly info: WorldInfo;
  readonly scenario: string;
  readonly problem: ProblemText | null;
  readonly seed: string;
  readonly steps: number;
  /** Actions that are said to reach the goal; empty where none were given. */
  readonly actions: readonly Action[];
  /** An id that no session has had. */
  freshId(): string;
  /** A new session, or one with a given id; it is closed when the check is over. */
  open(sessionId?: string): Promise<WorldSession>;
  /**
   * Actions that may be possible now: those that the world lists, that its rules allow, that were given, or that need
   * only plain arguments; empty where there are none of these.
   */
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

/** Thrown where a law is about a part that the world does not have. */
export class LawAbsent extends Error {
  override readonly name = 'LawAbsent';

  constructor(
    readonly lacks: Capability,
    detail: string,
  ) {
    super(detail);
  }
}

/** Thrown where nothing in this situation shows whether a law holds. */
export class LawNotShown extends Error {
  override readonly name = 'LawNotShown';
}

/** Breaks the law unless the condition holds. */
export function must(condition: boolean, detail: string): asserts condition {
  if (!condition) throw new LawBroken(detail);
}

/** Says that the world has no such part unless the condition holds. */
export function offered(condition: boolean, lacks: Capability, detail: string): asserts condition {
  if (!condition) throw new LawAbsent(lacks, detail);
}

/** Says that the law cannot be shown unless the condition holds. */
export function needs(condition: boolean, detail: string): asserts condition {
  if (!condition) throw new LawNotShown(detail);
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

/** Breaks the law unless every fact is one ground atom, such as `(on plate table)`. */
export function mustBeAtoms({ facts, numbers }: WorldState): void {
  const stray = [...facts, ...Object.keys(numbers)].find((fact) => !ATOM.test(fact));
  must(
    stray === undefined,
    `the world shows ${shorten(stray)}, which is no fact: write a name and words without spaces or brackets, as in (on plate table)`,
  );
}

const ATOM = /^\([^\s()]+(?: [^\s()]+)*\)$/;

/** Facts in order, for worlds that do not sort them. */
export function sorted(state: WorldState): WorldState {
  return { facts: [...state.facts].sort(), numbers: state.numbers };
}

/** A value as an error message shows it. */
export function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
