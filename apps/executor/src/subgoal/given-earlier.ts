import {
  callDigest,
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

/** A subgoal that was begun, and what its step is called. */
type Attempt = Pick<Extract<RunEvent, { type: 'dispatched' }>, 'node' | 'attempt'> & { readonly name: string };

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
  for (const { node: id, attempt, name } of attemptsAt(step, events)) {
    if (id === node.id && now?.attempt === attempt) continue;
    const stored = await journal.read(subgoalStream(makeSubgoalId(runId, id, attempt)));
    Object.assign(
      found,
      givenIn(
        stored.map((e) => stepEvents.decode(e)),
        { from: name, to: step.id },
      ),
    );
  }
  return found;
}

/** Which subgoals made the same calls, in whatever version of the plan and under whatever name. */
function attemptsAt(step: ScriptStep, events: readonly RunEvent[]): readonly Attempt[] {
  const wanted = callDigest(step);
  const names = new Map<string, string>();
  return events.flatMap((event): readonly Attempt[] => {
    if (event.type === 'planned')
      for (const { id, script: [first] = [] } of event.plan.nodes)
        if (first !== undefined && callDigest(first) === wanted) names.set(id, first.id);
    const name = event.type === 'dispatched' ? names.get(event.node) : undefined;
    return event.type === 'dispatched' && name !== undefined ? [{ ...event, name }] : [];
  });
}

/** The good results of one step in one subgoal, by the call as the step of another name would ask for it. */
function givenIn(steps: readonly StepEvent[], { from, to }: { readonly from: string; readonly to: string }): Outputs {
  const mine = steps.flatMap((event) => {
    const place = 'id' in event ? placeOf(event.id) : null;
    return place?.step === from ? [{ event, place }] : [];
  });
  if (mine.some(({ event }) => event.type === 'verified' && event.violations.length > 0)) return {};
  const asked = new Map<string, string>();
  const found: Record<string, Output> = {};
  for (const { event, place } of mine) {
    // Of a call that a person wrote otherwise, the first decision is what was asked for.
    if (event.type === 'decided' && !asked.has(event.id)) asked.set(event.id, callKey(to, place.item, event.action));
    if (event.type === 'observed' && event.result.ok)
      found[asked.get(event.id)!] = event.result.output ?? { value: null, artifacts: [], taint: [] };
  }
  return found;
}
