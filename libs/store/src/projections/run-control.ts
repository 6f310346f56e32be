import type { Goal, RunEvent, RunId } from '@praxis/core';

/** What holds a run back, what its time is measured by, and what it names: kept in one column, for no list to show. */
export interface RunControl {
  /** Its world's session. */
  readonly session?: string;
  /** The run whose effects it takes back. */
  readonly undoes?: RunId;
  /** Whose run it is; absent where nobody said. */
  readonly tenant?: string;
  readonly startedAt?: number;
  readonly deadlineMs?: number;
  readonly wallMs?: number;
  /** How often people gave it its time once more. */
  readonly extensions?: number;
  readonly overtime?: boolean;
  readonly cancelling?: boolean;
  readonly paused?: boolean;
  /** Its own questions that nobody has answered. */
  readonly asking?: readonly string[];
  /** Since when it is held back, and for how long it was before. */
  readonly heldSince?: number;
  readonly heldMs?: number;
}

/** Whether a person holds the run back, or is asked by the run itself. */
export const isHeld = ({ paused, asking = [] }: RunControl): boolean => paused === true || asking.length > 0;

/** Where a run begins. */
export function firstControl({ undoes, deadlineMs, tenant, budget: { wallMs } }: Goal, at: number): RunControl {
  return {
    startedAt: at,
    ...(undoes !== null && { undoes }),
    ...(tenant !== '' && { tenant }),
    ...(deadlineMs !== null && { deadlineMs }),
    ...(wallMs !== null && { wallMs }),
  };
}

/** Moves it on by one event. */
export function nextControl(before: RunControl, event: RunEvent, at: number): RunControl {
  if (event.type === 'forked') return forkedControl(before, event.session, at);
  if (event.type === 'retried' && event.reopened) return reopenedControl(before, at);
  const control = apply(before, event);
  if (isHeld(before) === isHeld(control)) return control;
  if (isHeld(control)) return { ...control, heldSince: at };
  const { heldSince = at, ...rest } = control;
  return { ...rest, heldMs: (rest.heldMs ?? 0) + at - heldSince };
}

function apply(control: RunControl, event: RunEvent): RunControl {
  switch (event.type) {
    case 'opened':
      return { ...control, session: event.session };
    case 'asked':
      return { ...control, asking: [...(control.asking ?? []), event.question.id] };
    case 'answered':
      return event.subgoal === null ? answered(control, event) : control;
    case 'overtime':
      return { ...control, overtime: true };
    case 'paused':
    case 'resumed':
      return { ...control, paused: event.type === 'paused' };
    case 'cancelling':
      return { ...control, cancelling: true };
    default:
      return control;
  }
}

/** A fork has all of its time before it, and nobody was asked anything by it yet. */
function forkedControl({ undoes, tenant, deadlineMs, wallMs }: RunControl, session: string, at: number): RunControl {
  return {
    session,
    startedAt: at,
    ...(undoes !== undefined && { undoes }),
    ...(tenant !== undefined && { tenant }),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(wallMs !== undefined && { wallMs }),
  };
}

/** As a fork, with what the run was accepted with. */
const reopenedControl = (control: RunControl, at: number): RunControl => {
  const { session, ...rest } = forkedControl(control, control.session ?? '', at);
  return { ...(session !== '' && { session }), ...rest };
};

function answered(control: RunControl, { question, answer }: Extract<RunEvent, { type: 'answered' }>): RunControl {
  const asking = (control.asking ?? []).filter((id) => id !== question);
  if (answer.verdict !== 'grant') return { ...control, asking };
  return {
    ...control,
    asking,
    overtime: false,
    extensions: (control.extensions ?? 0) + (control.overtime === true ? 1 : 0),
  };
}

/** When the planner has to look at the run because of its time alone, as `timeLimits` says it; null: never. */
export function dueAt(control: RunControl): number | null {
  const { startedAt = 0, deadlineMs, wallMs, extensions = 0, heldMs = 0 } = control;
  if (control.cancelling === true) return null;
  const times: number[] = [];
  if (deadlineMs !== undefined) times.push(startedAt + deadlineMs);
  if (wallMs !== undefined && !isHeld(control) && control.overtime !== true)
    times.push(startedAt + heldMs + wallMs * (1 + extensions));
  return times.length > 0 ? Math.ceil(Math.min(...times)) : null;
}
