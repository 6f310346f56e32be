import type { Literal } from '@praxis/core';
import { heldAt, type Application } from './application.js';

/** A literal that may be a missing precondition, with how well it tells success from refusal. */
export interface Suspect {
  readonly literal: Literal;
  /** Refusals in which it was false: what it explains. */
  readonly explains: number;
}

/** What the contrast of successes and refusals of one action gives. */
export interface Contrast {
  readonly successes: number;
  readonly refusals: number;
  /** Best first. Empty where nothing tells them apart, or nothing ever succeeded. */
  readonly suspects: readonly Suspect[];
}

/**
 * Learns missing preconditions by set difference over lifted literals (after ICAL's state differences): a
 * precondition is true in every success; one that matters is false in some refusal. Literals the action is known to
 * need are left out. Suspects are ordered by how many refusals they explain; positive literals come first among equals.
 */
export function contrast(
  literals: readonly Literal[],
  known: ReadonlySet<Literal>,
  parameters: readonly string[],
  applications: readonly Application[],
): Contrast {
  const successes = applications.filter((a) => a.ok);
  const refusals = applications.filter((a) => !a.ok);
  const suspects: Suspect[] = [];
  if (successes.length > 0) {
    for (const literal of literals) {
      if (known.has(literal) || !successes.every((a) => heldAt(literal, parameters, a))) continue;
      const explains = refusals.filter((a) => !heldAt(literal, parameters, a)).length;
      if (explains > 0) suspects.push({ literal, explains });
    }
  }
  suspects.sort(
    (a, b) =>
      b.explains - a.explains ||
      Number(a.literal.startsWith('(not')) - Number(b.literal.startsWith('(not')) ||
      (a.literal < b.literal ? -1 : 1),
  );
  return { successes: successes.length, refusals: refusals.length, suspects };
}
