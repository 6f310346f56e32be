import type { Action, EffectClass } from '../values/action.js';
import { idempotencyKey } from '../values/action.js';
import type { SubgoalId } from '../values/ids.js';
import type { StoredEvent } from '../journal/journal.js';
import type { ActionResult } from './observation.js';
import type { StateChange } from '../values/state.js';
import { stepEvents, type StepEvent } from './step.js';

/** A subgoal's stream as it was written. */
export interface SubgoalHistory {
  readonly subgoal: SubgoalId;
  readonly events: readonly StoredEvent[];
}

/** One decision of a run, numbered in the order in which decisions were written, whoever made them. */
export interface NumberedStep {
  /** Counts from 0 over the whole run. */
  readonly number: number;
  readonly subgoal: SubgoalId;
  /** Counts from 0 within the subgoal. */
  readonly step: number;
  /** Position of `decided` in the subgoal's stream, and when it was written. */
  readonly position: number;
  readonly at: number;
  readonly action: Action;
  readonly origin: string;
  readonly key: string;
  /** Null for what is pure, and for what was never begun. */
  readonly effect: EffectClass | null;
  /** Null while there is none. */
  readonly result: ActionResult | null;
  readonly change: StateChange | null;
  /** When it was observed. */
  readonly observedAt: number | null;
  /** The source outside the world that answered, such as `http:127.0.0.1:9000`; absent where the world did. */
  readonly answeredBy?: string;
  /** Who wrote other arguments instead, so that this was never carried out; absent where nobody did. */
  readonly editedBy?: string;
}

/** All decisions of a run in one order. */
export function numberSteps(histories: readonly SubgoalHistory[]): readonly NumberedStep[] {
  const steps = histories.flatMap(stepsOf);
  steps.sort(
    (a, b) => a.at - b.at || (a.subgoal < b.subgoal ? -1 : a.subgoal > b.subgoal ? 1 : a.position - b.position),
  );
  return steps.map((step, number) => ({ ...step, number }));
}

function stepsOf({ subgoal, events }: SubgoalHistory): NumberedStep[] {
  const steps = new Map<number, NumberedStep>();
  const latest = new Map<string, number>();
  for (const stored of events) {
    const event: StepEvent = stepEvents.decode(stored);
    if (event.type === 'replied' && event.answer.verdict === 'edit' && latest.has(event.id))
      change(steps, latest.get(event.id)!, { editedBy: event.answer.by });
    if (event.type === 'decided') {
      latest.set(event.id, event.step);
      const { step, action, origin } = event;
      // A fork's first events are its parent's, and so are the keys under which they were done.
      steps.set(step, {
        number: 0,
        subgoal,
        step,
        position: stored.position,
        at: stored.at,
        action,
        origin,
        key: event.key ?? idempotencyKey(subgoal, step, action),
        effect: null,
        result: null,
        change: null,
        observedAt: null,
      });
    } else if (event.type === 'tried') change(steps, event.step, { effect: event.effect, key: event.key });
    else if (event.type === 'observed')
      change(steps, event.step, {
        result: event.result,
        change: event.change,
        observedAt: stored.at,
        ...(event.answeredBy !== undefined && { answeredBy: event.answeredBy }),
      });
  }
  return [...steps.values()];
}

function change(steps: Map<number, NumberedStep>, step: number, fields: Partial<NumberedStep>): void {
  steps.set(step, { ...steps.get(step)!, ...fields });
}

/** Events after which an effect still waits for its answer. */
const LEAVES_OPEN: ReadonlySet<StepEvent['type']> = new Set(['decided', 'tried', 'postponed', 'asked', 'replied']);

/**
 * How many events of a subgoal's stream a fork at a time shares: those before it, and nothing of an effect that had no
 * answer by then.
 */
export function cleanPrefix({ events }: SubgoalHistory, before: number): number {
  let length = events.findIndex((e) => e.at >= before);
  if (length === -1) length = events.length;
  const open = new Map<string, number>();
  for (const stored of events.slice(0, length)) {
    const event = stepEvents.decode(stored);
    if (!('id' in event) || event.type === 'wasted') continue;
    if (LEAVES_OPEN.has(event.type)) {
      if (!open.has(event.id)) open.set(event.id, stored.position);
    } else open.delete(event.id);
  }
  const clean = Math.min(length, ...open.values());
  // What only says that nobody holds it does not belong to what came before.
  return events[clean - 1]?.type === 'parked' ? clean - 1 : clean;
}
