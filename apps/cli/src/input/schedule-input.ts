import { PraxisError } from '@praxis/core';
import type { ScheduleTiming } from '@praxis/wire';

/** When something is to be done, as the options of `schedule add` say it. */
export interface TimingOptions {
  readonly at?: number;
  readonly every?: number;
  readonly cron?: string;
  readonly timezone?: string;
}

/**
 * Makes a timing of the options; says so where they are none, or several. A cron expression is read in the user's own
 * time zone unless another is named.
 */
export function readTiming({ at, every, cron, timezone }: TimingOptions, ownZone: string): ScheduleTiming {
  const said = [at, every, cron].filter((value) => value !== undefined);
  if (said.length !== 1)
    throw new PraxisError(
      'invalid',
      `Say ${said.length === 0 ? 'when' : 'only once when'}: --at MOMENT, --every DURATION or --cron EXPRESSION.`,
    );
  if (timezone !== undefined && cron === undefined)
    throw new PraxisError('invalid', 'A time zone goes with --cron only.');
  if (at !== undefined) return { kind: 'at', at };
  if (every !== undefined) return { kind: 'every', everyMs: every };
  return { kind: 'cron', cron: cron!, timezone: timezone ?? ownZone };
}
