import { PraxisError, parseSubgoalId, runStream, type Run, type RunId } from '@praxis/core';
import type { Retried } from '@praxis/wire';
import { changeRun } from '../change-run.js';
import type { PlannerParts } from '../parts.js';
import { rollbackId } from '../rollback/rollback-id.js';

/** What people may do to a run: stop it, hold it back, let it go on, try again. Doing it twice changes nothing. */
export class RunControl {
  constructor(private readonly parts: Pick<PlannerParts, 'store' | 'queues'>) {}

  cancel(run: RunId, reason: string): Promise<void> {
    return changeRun(run, this.parts, (state) => {
      refuseEnded(run, state, 'cancel');
      return state.cancelling === null
        ? [{ type: 'cancelling', reason: reason || 'cancelled by the user', outcome: 'cancelled' }]
        : [];
    });
  }

  pause(run: RunId, reason: string): Promise<void> {
    return changeRun(run, this.parts, (state) => {
      refuseEnded(run, state, 'pause');
      if (state.cancelling !== null)
        throw new PraxisError('conflict', `The run ${run} is being cancelled; there is nothing to pause.`);
      return state.paused === null ? [{ type: 'paused', by: 'user', reason: reason || 'paused by the user' }] : [];
    });
  }

  /** Lets a run go on, also one that ended its services: it may do so as often again. */
  async resume(run: RunId): Promise<void> {
    // Before it goes on: whoever takes it up counts what is left.
    await this.parts.store.leases.forgive(run);
    await changeRun(run, this.parts, (state) => {
      refuseEnded(run, state, 'resume');
      return state.paused === null ? [] : [{ type: 'resumed', by: 'user' }];
    });
  }

  /**
   * Tries again: what is postponed is due at once, and a run that failed is reopened under its id. A run that goes on
   * and waits for no time is left as it is.
   */
  async retry(run: RunId, by: string): Promise<Retried> {
    await this.refuseTakenBack(run);
    await this.parts.store.leases.forgive(run);
    let woken = 0;
    let reopened = false;
    const waiting = new Set((await this.parts.store.work.postponed(run)).map((s) => parseSubgoalId(s.id)?.node));
    await changeRun(run, this.parts, (state) => {
      refuseUnfit(run, state);
      reopened = state.ended !== null;
      woken = reopened
        ? 0
        : [...state.nodes].filter(([id, at]) => at.status === 'dispatched' && waiting.has(id)).length;
      return reopened || woken > 0 ? [{ type: 'retried', by: by || 'user', reopened }] : [];
    });
    return { reopened, woken };
  }

  /** What was taken back is not gone on from: the run would count as done what is undone. */
  private async refuseTakenBack(run: RunId): Promise<void> {
    const undoing = rollbackId(run);
    if ((await this.parts.store.journal.read(runStream(undoing))).length === 0) return;
    const message = `The run ${run} was taken back by the run ${undoing}; it cannot be tried again. Submit the goal again with \`praxis submit\`.`;
    throw new PraxisError('conflict', message, { details: { run: undoing } });
  }
}

function refuseUnfit(run: RunId, { ended, cancelling, paused }: Run): void {
  const instead = `start it again with \`praxis submit\`, or branch off from it with \`praxis fork ${run}\``;
  if (ended && ended.outcome !== 'failed')
    throw new PraxisError(
      'conflict',
      `The run ${run} has ended (${ended.outcome}); only a run that failed can be tried again. To do more, ${instead}.`,
    );
  if (!ended && cancelling !== null)
    throw new PraxisError(
      'conflict',
      `The run ${run} is being stopped (${cancelling.reason}); wait until it has ended.`,
    );
  if (paused !== null)
    throw new PraxisError('conflict', `The run ${run} is paused (${paused}); go on with \`praxis resume ${run}\`.`);
}

function refuseEnded(run: RunId, { ended }: Run, what: string): void {
  if (ended)
    throw new PraxisError(
      'conflict',
      `The run ${run} has already ended (${ended.outcome}); there is nothing to ${what}.`,
    );
}
