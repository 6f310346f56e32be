import { numberSteps, type NumberedStep, type RunId, type StoredEvent } from '@praxis/core';
import type { PlannerApi } from '@praxis/wire';

const SUBGOAL = 'subgoal/';

/** Every step of a run until now, numbered as the planner numbers them for `praxis fork`. */
export async function readSteps(planner: Pick<PlannerApi, 'exportRun'>, run: RunId): Promise<readonly NumberedStep[]> {
  const streams = new Map<string, StoredEvent[]>();
  for await (const text of planner.exportRun(run, new AbortController().signal)) {
    // Lines of texts and of the world say nothing of steps; they are the long ones.
    if (!text.startsWith('{"line":"event"')) continue;
    const { line: _line, ...event } = JSON.parse(text) as StoredEvent & { readonly line: 'event' };
    if (!event.stream.startsWith(SUBGOAL)) continue;
    const events = streams.get(event.stream) ?? [];
    streams.set(event.stream, events);
    events.push(event);
  }
  return numberSteps([...streams].map(([stream, events]) => ({ subgoal: stream.slice(SUBGOAL.length), events })));
}
