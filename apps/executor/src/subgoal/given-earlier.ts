import {
  digest,
  makeSubgoalId,
  stepEvents,
  subgoalStream,
  type Journal,
  type Output,
  type Outputs,
  type RunEvent,
  type ScriptStep,
  type StepEvent,
} from '@praxis/core';
import { callKey, placeOf } from '@praxis/strategy';
import type { Assignment } from './assignment.js';

type Dispatched = Extract<RunEvent, { type: 'dispatched' }>;

/**
 * What calls for the items of a step's list gave in earlier subgoals of the run, which failed: whoever lets a run go on
 * wants nothing done twice. Where the checks of the step did not pass, its results are of no use, and are left out.
 */
export async function givenEarlier(
  { runId, node, run, events }: Pick<Assignment, 'runId' | 'node' | 'run' | 'events'>,
  journal: Pick<Journal, 'read'>,
): Promise<Outputs> {
  const [step] = node.script ?? [];
  if (step?.each === undefined) return {};
  const now = run.nodes.get(node.id);
  const found: Record<string, Output> = {};
  for (const { node: id, attempt } of attemptsAt(step, events)) {
    if (id === node.id && now?.attempt === attempt) continue;
    const stored = await journal.read(subgoalStream(makeSubgoalId(runId, id, attempt)));
    Object.assign(found, givenIn(stored.map((e) => stepEvents.decode(e))));
  }
  return found;
}

/** Which subgoals carried the same step out, in whatever version of the plan. */
function attemptsAt(step: ScriptStep, events: readonly RunEvent[]): readonly Dispatched[] {
  const wanted = digest(step as unknown as Parameters<typeof digest>[0]);
  const nodes = new Set<string>();
  return events.filter((event): event is Dispatched => {
    if (event.type === 'planned')
      for (const { id, script = [] } of event.plan.nodes)
        if (script.length === 1 && digest(script[0] as unknown as Parameters<typeof digest>[0]) === wanted)
          nodes.add(id);
    return event.type === 'dispatched' && nodes.has(event.node);
  });
}

/** The good results in one subgoal, by the call as the script asked for it. */
function givenIn(steps: readonly StepEvent[]): Outputs {
  const asked = new Map<string, string>();
  const found: Record<string, Output> = {};
  for (const event of steps) {
    if (event.type === 'verified' && event.violations.length > 0) return {};
    const place = 'id' in event ? placeOf(event.id) : null;
    if (place?.kind !== 'call') continue;
    // Of a call that a person wrote otherwise, the first decision is what was asked for.
    if (event.type === 'decided' && !asked.has(event.id))
      asked.set(event.id, callKey(place.step, place.item, event.action));
    if (event.type === 'observed' && event.result.ok)
      found[asked.get(event.id)!] = event.result.output ?? { value: null, artifacts: [], taint: [] };
  }
  return found;
}
