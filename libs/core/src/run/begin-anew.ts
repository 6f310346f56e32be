import type { Answer } from '../acting/question.js';
import type { Run } from './run.js';
import type { RunEvent } from './run-event.js';

/** A run that shares its parent's events up to here, and goes on in a session of its own. */
export function forkRun(run: Run, event: Extract<RunEvent, { type: 'forked' }>): Run {
  const { overrides } = event;
  const goal = {
    ...run.goal,
    seed: overrides.seed ?? run.goal.seed,
    strategy: overrides.strategy ?? run.goal.strategy,
  };
  const opened = run.opened && {
    ...run.opened,
    session: event.session,
    tools: overrides.tools ?? run.opened.tools,
    versions: overrides.versions ?? run.opened.versions,
  };
  const nodes = new Map(
    [...run.nodes].map(([id, at]) => [
      id,
      event.again.includes(id) ? { ...at, status: 'pending' as const, reason: '' } : at,
    ]),
  );
  return {
    ...run,
    goal,
    opened,
    nodes,
    forked: { parent: event.parent, overrides },
    asked: run.asked.filter((q) => q.answer !== null),
    overtime: false,
    extensions: 0,
    paused: null,
    cancelling: null,
    ended: null,
  };
}

/** Reopened, whatever had failed begins anew, and nothing is refused for good any more. */
export function retryRun(run: Run, { reopened }: Extract<RunEvent, { type: 'retried' }>): Run {
  const retries = run.retries + 1;
  if (!reopened) return { ...run, retries };
  const nodes = new Map(
    [...run.nodes].map(([id, at]) => [
      id,
      at.status === 'done' ? at : { ...at, status: 'pending' as const, reason: '' },
    ]),
  );
  return {
    ...run,
    retries,
    nodes,
    failures: run.failures.filter((f) => f.permanent !== true),
    asked: run.asked.map((q) => (q.answer === null ? { ...q, answer: UNANSWERED } : q)),
    reopened: { replans: run.replans, asked: run.asked.length, plannings: run.reopened.plannings + 1 },
    checked: null,
    overtime: false,
    extensions: 0,
    paused: null,
    cancelling: null,
    ended: null,
  };
}

/** What was still open when the run failed; nobody is asked it any more. */
const UNANSWERED: Answer = {
  verdict: 'expired',
  by: 'planner',
  reason: 'the run ended before anybody answered',
  args: null,
  grant: null,
  value: null,
};
