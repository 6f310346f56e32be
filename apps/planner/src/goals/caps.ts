import { PraxisError, RULE_LIMITS, type Goal } from '@praxis/core';
import { LATEST } from '../schedules/due.js';

/** What a deployment lets one goal, and one tenant, have at most. */
export interface Caps {
  /** States that one search may evaluate. */
  readonly evaluated: number;
  readonly steps: number;
  /** Milliseconds of work; null: no bound. */
  readonly wallMs: number | null;
  /** Subgoals of one plan. */
  readonly planNodes: number;
  /** Runs of one tenant that have not ended. */
  readonly openRuns: number;
}

/** Longest name of a skill, in characters, that a caller's problem may bring. */
const LONGEST_NAME = 256;

/**
 * The goal within the deployment's caps; fails with `invalid`, naming the cap, where it asks for more. A bound that it
 * leaves out is the deployment's.
 */
export function withinCaps(goal: Goal, caps: Caps | undefined, now: number): Goal {
  refuseOversized(goal, now);
  if (!caps) return goal;
  const { evaluated, steps, wallMs } = goal.budget;
  refuseAbove('evaluated', evaluated, caps.evaluated, 'caps.evaluated');
  refuseAbove('steps', steps, caps.steps, 'caps.steps');
  if (caps.wallMs === null) return goal;
  refuseAbove('wallMs', wallMs ?? 0, caps.wallMs, 'caps.wallMs');
  return { ...goal, budget: { ...goal.budget, wallMs: wallMs ?? caps.wallMs } };
}

/** Refuses one more run of a tenant that has as many as it may have. */
export function refuseMoreRuns(tenant: string, open: number, caps: Caps | undefined): void {
  if (!caps || open < caps.openRuns) return;
  const whose = tenant === '' ? 'without a tenant' : `of the tenant ${tenant}`;
  throw new PraxisError(
    'exhausted',
    `There are ${open} runs ${whose} that have not ended, and this deployment takes ${caps.openRuns} (caps.openRuns). Wait until some have ended, or cancel some.`,
  );
}

function refuseAbove(field: string, wanted: number, cap: number, setting: string): void {
  if (wanted > cap)
    throw new PraxisError(
      'invalid',
      `The goal's budget.${field} is ${wanted}, and this deployment allows at most ${cap} (${setting}). Submit it with a smaller one.`,
    );
}

/** What no deployment takes. */
function refuseOversized({ approvals, deadlineMs, budget, problem }: Goal, now: number): void {
  if (approvals.length > RULE_LIMITS.rules)
    throw new PraxisError(
      'invalid',
      `The goal brings ${approvals.length} approval rules; it may bring at most ${RULE_LIMITS.rules}.`,
    );
  for (const { skill, world, tenant, expiresMs } of approvals) {
    const long = [skill, world, tenant].find((text) => text !== null && text.length > RULE_LIMITS.characters);
    if (long !== undefined)
      throw new PraxisError(
        'invalid',
        `A name in an approval rule has ${long!.length} characters; it may have at most ${RULE_LIMITS.characters}.`,
      );
    refuseTooLate('approvals.expiresMs', expiresMs, now);
  }
  refuseTooLate('deadlineMs', deadlineMs, now);
  refuseTooLate('budget.wallMs', budget.wallMs, now);
  const name = problem === null ? null : longName(problem.domain);
  if (name !== null)
    throw new PraxisError(
      'invalid',
      `The domain has a name of ${name.length} characters, which begins with ${name.slice(0, 20)}; names may have at most ${LONGEST_NAME}.`,
    );
}

function refuseTooLate(field: string, ms: number | null, now: number): void {
  if (ms !== null && !(now + ms <= LATEST))
    throw new PraxisError('invalid', `The goal's ${field} ends beyond the year 9999; choose a shorter time.`);
}

/** A name outside of comments that is too long; null where there is none. */
function longName(domain: string): string | null {
  for (const line of domain.split(/[\r\n]/)) {
    const found = line
      .split(';', 1)[0]!
      .split(/[\s()]+/)
      .find((word) => word.length > LONGEST_NAME);
    if (found !== undefined) return found;
  }
  return null;
}
