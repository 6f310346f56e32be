import type { Allowance, Cost, Goal } from '../../../src/api.js';
import { addCosts, addToBounds, amount, COST_NAMES } from './cost.js';
import type { RunModel } from './run-model.js';
import { duration } from './words.js';

/** What is spent of what may be. */
export interface Meter {
  readonly name: string;
  /** 1: all of it. */
  readonly share: number;
  /** `12 of 500 steps`. */
  readonly text: string;
}

/** A meter for everything that has a bound. */
export function metersOf(bounds: Allowance, spent: Cost): readonly Meter[] {
  return COST_NAMES.flatMap((name) => {
    const bound = bounds[name];
    return bound === null
      ? []
      : [{ name, share: shareOf(spent[name], bound), text: `${amount(spent[name])} of ${amount(bound)} ${name}` }];
  });
}

/** Of nothing, everything is spent. */
const shareOf = (spent: number, bound: number): number => (bound > 0 ? Math.min(1, spent / bound) : 1);

/** What a run has spent of its budget, with what people granted, and of its time. */
export function runMeters(model: RunModel, { budget }: Goal, now: number): readonly Meter[] {
  const { steps, calls, tokens, money, risk, wallMs } = budget;
  const meters = metersOf(addToBounds({ steps, calls, tokens, money, risk }, model.granted), spentBy(model));
  if (wallMs === null) return meters;
  const [worked, bound] = [workedMs(model, now), wallMs * (1 + model.extensions)];
  return [
    ...meters,
    { name: 'time', share: shareOf(worked, bound), text: `${duration(worked)} of ${duration(bound)}` },
  ];
}

/** What settled subgoals have spent, and those that are under way so far. */
export function spentBy(model: RunModel): Cost {
  const busy = Object.values(model.attempts).filter(
    (a) => model.nodes[a.node]?.status === 'dispatched' && model.nodes[a.node]?.attempt === a.number,
  );
  return busy.reduce((sum, a) => addCosts(sum, a.spent), model.spent);
}

/** Milliseconds of work: those in which a person held the run back or was asked do not count. */
export function workedMs({ startedAt, endedAt, held }: RunModel, now: number): number {
  if (startedAt === null) return 0;
  const until = endedAt ?? now;
  return Math.max(0, until - startedAt - held.ms - (held.since === null ? 0 : Math.max(0, until - held.since)));
}
