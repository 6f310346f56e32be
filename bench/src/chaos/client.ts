import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError, type Goal } from '@praxis/core';
import type { PlannerApi } from '@praxis/wire';
import type { Told } from './history.js';

/** Asks until the goal is taken, as one request however often it is made; null where it never is. */
export async function submit(
  planner: Pick<PlannerApi, 'submit'>,
  goal: Goal,
  request: string,
  deadline: AbortSignal,
): Promise<string | null> {
  while (!deadline.aborted) {
    try {
      return await planner.submit(goal, request);
    } catch (thrown) {
      passOver(thrown);
      await sleep(50);
    }
  }
  return null;
}

/** Follows the run to its end, and remembers all that it was told. */
export async function watch(
  planner: Pick<PlannerApi, 'watch'>,
  run: string,
  deadline: AbortSignal,
): Promise<readonly Told[]> {
  const told: Told[] = [];
  const after: Record<string, number> = {};
  while (!deadline.aborted) {
    try {
      for await (const { stream, position, event } of planner.watch(run, after, deadline)) {
        told.push({ stream, position, type: event.type });
        after[stream] = position + 1;
        if (stream.startsWith('run/') && event.type === 'ended') return told;
      }
    } catch (thrown) {
      if (!deadline.aborted) passOver(thrown);
    }
    await sleep(50);
  }
  return told;
}

/** While the planner or its database is away, one asks again; anything else is a fault of ours. */
function passOver(thrown: unknown): void {
  const { code } = PraxisError.from(thrown);
  if (!['unavailable', 'timeout', 'cancelled'].includes(code)) throw thrown;
}
