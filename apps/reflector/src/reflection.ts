import { subgoalStream, type SubgoalId } from '@praxis/core';
import { isTracing, reflectSpan, writeSpan } from '@praxis/platform';
import type { ReflectorParts } from './parts.js';

/**
 * Tells the trace of a reflection when it is through: from the end of the subgoal to now. One that fails for a while
 * leaves the telling to the next, which does it over.
 */
export async function traceReflection(
  subgoal: SubgoalId,
  { store, clock }: Pick<ReflectorParts, 'store' | 'clock'>,
  work: () => Promise<void>,
): Promise<void> {
  if (!isTracing()) return work();
  const startedAt = (await store.journal.read(subgoalStream(subgoal))).at(-1)?.at ?? clock.now();
  await work();
  writeSpan(reflectSpan(subgoal), {
    name: 'reflect',
    startedAt,
    endedAt: clock.now(),
    attributes: { 'praxis.subgoal.id': subgoal },
  });
}
