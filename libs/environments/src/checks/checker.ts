import type { Action, ActionResult, Check, CheckResult, Condition, Json, SkillTools } from '@praxis/core';

/** What a reference such as `$profile.rows` stands for. */
export type Resolved = { readonly value: Json } | { readonly missing: string };

/** What checks may look at. What is absent makes the checks that need it violations, never passes. */
export interface CheckScope {
  /** Checks facts; the session of the run. */
  world(condition: Condition): Promise<CheckResult>;
  resolve(reference: string): Resolved;
  /** Outputs by name, for expressions. */
  readonly variables?: Readonly<Record<string, Json>>;
  readonly files?: SkillTools['files'];
  /** Reads an artifact, at most `limit` bytes of it. */
  readBytes?(sha256: string, limit: number): Promise<{ readonly bytes: Uint8Array; readonly isWhole: boolean }>;
  query?(sql: string): Promise<readonly { readonly [column: string]: Json }[]>;
  fetch?(url: string): Promise<{ readonly status: number; readonly body: string }>;
  /** Calls a pure skill; refuses any other. */
  call?(action: Action): Promise<ActionResult>;
  /** One score from 0 to 1 for each vote. */
  judge?(question: string, texts: readonly string[], votes: number): Promise<readonly number[]>;
}

/** What came of one check: true, false with sentences, or not evaluated with the reason. */
export type Finding =
  | { readonly holds: true }
  | { readonly holds: false; readonly problems: readonly string[] }
  | { readonly holds: null; readonly reason: string };

/** Socket: evaluates one kind of check. What it throws counts as not evaluated. */
export interface Checker<C extends Check = Check> {
  check(check: C, scope: CheckScope): Promise<Finding> | Finding;
}

/** One kind of check, by the property that names it. */
export type CheckOf<K extends string> = Extract<Check, { readonly [key in K]: unknown }>;

/** A finding from the sentences about what does not hold. */
export const findingOf = (problems: readonly string[]): Finding =>
  problems.length === 0 ? { holds: true } : { holds: false, problems };

/** A check that cannot be evaluated. */
export const notEvaluated = (reason: string): Finding => ({ holds: null, reason });

/** A value as a message shows it. */
export const shown = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
};
