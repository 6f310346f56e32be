import { isRefused } from './run-budget.js';
import type { Run } from './run.js';
import type { RunEvent } from './run-event.js';

/** A run's event with the time at which it was written, in milliseconds since 1970-01-01 UTC. */
export interface TimedRunEvent {
  readonly event: RunEvent;
  readonly at: number;
}

/** What the clock says about a run: what is to be written now, and when to look again; null: never. */
export interface TimeLimits {
  readonly due: RunEvent | null;
  readonly nextAt: number | null;
}

/** Judges a run's deadline and its budget of time, pure: `now` is a parameter. */
export function timeLimits(run: Run, history: readonly TimedRunEvent[], now: number): TimeLimits {
  if (run.ended || run.cancelling) return { due: null, nextAt: null };
  // A fork, and a run that was reopened, have all of their time before them.
  const own = history.slice(
    Math.max(
      0,
      history.findLastIndex(({ event }) => event.type === 'forked' || (event.type === 'retried' && event.reopened)),
    ),
  );
  const { deadlineMs } = run.goal;
  const deadline = deadlineMs === null ? null : (own[0]?.at ?? now) + deadlineMs;
  if (deadline !== null && now >= deadline)
    return { due: stop(`the deadline of ${String(deadlineMs! / 1000)} s has passed`), nextAt: null };
  const { due, nextAt } = workLimit(run, own, now);
  return { due, nextAt: nextAt === null || deadline === null ? (nextAt ?? deadline) : Math.min(nextAt, deadline) };
}

const stop = (reason: string): RunEvent => ({ type: 'cancelling', reason, outcome: 'failed' });

/** The budget of time; while a person holds the run back or is asked, it does not run out. */
function workLimit(run: Run, own: readonly TimedRunEvent[], now: number): TimeLimits {
  const { wallMs, whenSpent } = run.goal.budget;
  if (run.overtime && (whenSpent === 'fail' || isRefused(run)))
    return { due: stop('the time that the budget allows is over; submit again with a larger one'), nextAt: null };
  const isHeld = run.paused !== null || run.overtime || run.asked.some((q) => q.answer === null);
  if (wallMs === null || isHeld) return { due: null, nextAt: null };
  const limit = wallMs * (1 + run.extensions);
  const worked = workedMs(own, now);
  return worked >= limit
    ? { due: { type: 'overtime', wallMs: Math.round(worked) }, nextAt: null }
    : { due: null, nextAt: now + limit - worked };
}

/** Milliseconds since the first event, without those in which a person held the run back or was asked. */
function workedMs(history: readonly TimedRunEvent[], now: number): number {
  let held = 0;
  let since: number | null = null;
  const open = new Set<string>();
  for (const { event, at } of history) {
    if (event.type === 'paused') open.add('paused');
    else if (event.type === 'resumed') open.delete('paused');
    else if (event.type === 'asked') open.add(event.question.id);
    else if (event.type === 'answered') open.delete(event.question);
    if (open.size > 0) since ??= at;
    else if (since !== null) {
      held += at - since;
      since = null;
    }
  }
  return now - (history[0]?.at ?? now) - held - (since === null ? 0 : now - since);
}
