import type { Schedule, ScheduleTiming } from '../service-apis.js';
import type * as pb from '../gen/praxis/v1/schedule.js';
import { present } from './absent.js';
import { fromGoal, toGoal } from './goal.js';
import { need } from './parse.js';

/** When to submit, for the wire. */
export function toTiming(timing: ScheduleTiming): pb.ScheduleTiming {
  switch (timing.kind) {
    case 'at':
      return { timing: { $case: 'atMs', value: timing.at } };
    case 'every':
      return { timing: { $case: 'everyMs', value: timing.everyMs } };
    case 'cron':
      return { timing: { $case: 'cron', value: timing } };
  }
}

/** When to submit, from the wire. */
export function fromTiming(message: pb.ScheduleTiming | undefined): ScheduleTiming {
  const timing = need('schedule.timing', message?.timing);
  switch (timing.$case) {
    case 'atMs':
      return { kind: 'at', at: timing.value };
    case 'everyMs':
      return { kind: 'every', everyMs: timing.value };
    case 'cron':
      return { kind: 'cron', ...timing.value };
  }
}

/** A schedule for the wire. */
export function toSchedule({ id, goal, timing, createdAt, nextAt, lastRun }: Schedule): pb.Schedule {
  return {
    id,
    goal: toGoal(goal),
    timing: toTiming(timing),
    createdAtMs: createdAt,
    ...present({ nextAtMs: nextAt, lastRunId: lastRun }),
  };
}

/** A schedule from the wire. */
export function fromSchedule({ id, goal, timing, createdAtMs, nextAtMs, lastRunId }: pb.Schedule): Schedule {
  return {
    id,
    goal: fromGoal(need('schedule.goal', goal)),
    timing: fromTiming(timing),
    createdAt: createdAtMs,
    nextAt: nextAtMs ?? null,
    lastRun: lastRunId ?? null,
  };
}
