import { PraxisError, type Run, type RunId } from '@praxis/core';
import { changeRun } from './change-run.js';
import type { PlannerParts } from './parts.js';

/** What people may do to a run that goes on: stop it, hold it back, let it go on. Doing it twice changes nothing. */
export class RunControl {
  constructor(private readonly parts: Pick<PlannerParts, 'store' | 'queues'>) {}

  cancel(run: RunId, reason: string): Promise<void> {
    return changeRun(run, this.parts, (state) => {
      refuseEnded(run, state, 'cancel');
      return state.cancelling === null ? [{ type: 'cancelling', reason: reason || 'cancelled by the user', outcome: 'cancelled' }] : [];
    });
  }

  pause(run: RunId, reason: string): Promise<void> {
    return changeRun(run, this.parts, (state) => {
      refuseEnded(run, state, 'pause');
      if (state.cancelling !== null) throw new PraxisError('conflict', `The run ${run} is being cancelled; there is nothing to pause.`);
      return state.paused === null ? [{ type: 'paused', by: 'user', reason: reason || 'paused by the user' }] : [];
    });
  }

  resume(run: RunId): Promise<void> {
    return changeRun(run, this.parts, (state) => {
      refuseEnded(run, state, 'resume');
      return state.paused === null ? [] : [{ type: 'resumed', by: 'user' }];
    });
  }
}

function refuseEnded(run: RunId, { ended }: Run, what: string): void {
  if (ended) throw new PraxisError('conflict', `The run ${run} has already ended (${ended.outcome}); there is nothing to ${what}.`);
}
