import type { ForkPoint, ForkRequest, GcReport, GcRequest, Rollback } from '../history-requests.js';
import type * as pb from '../gen/praxis/v1/planner.js';
import { present } from './absent.js';
import { fromAction, toAction } from './action.js';
import { invalidField, need } from './parse.js';

/** What to fork, for the wire. */
export function toForkRequest({ run, at, seed, strategy, freshArchive, action }: ForkRequest): pb.ForkRequest {
  return {
    runId: run,
    at: toForkPoint(at),
    freshArchive,
    action: action === null ? undefined : toAction(action),
    ...present({ seed, strategy }),
  };
}

/** What to fork, from the wire. */
export function fromForkRequest({ runId, at, seed, strategy, freshArchive, action }: pb.ForkRequest): ForkRequest {
  return {
    run: runId,
    at: fromForkPoint('fork.at', need('fork.at', at)),
    seed: seed ?? null,
    strategy: strategy ?? null,
    freshArchive,
    action: action ? fromAction(action) : null,
  };
}

/** A step of a run, for the wire. */
export function toForkPoint(at: ForkPoint): pb.ForkPoint {
  return { step: at.step, ...('subgoal' in at ? { subgoalId: at.subgoal } : {}) };
}

/** A step of a run, from the wire. */
export function fromForkPoint(field: string, { subgoalId, step }: pb.ForkPoint): ForkPoint {
  return { step: natural(`${field}.step`, step), ...(subgoalId === undefined ? {} : { subgoal: subgoalId }) };
}

/** What is taken back, for the wire. */
export function toRollback({ run, undone, left }: Rollback): pb.RollbackResponse {
  return {
    runId: run,
    undone: undone.map(({ action, by }) => ({ action: toAction(action), by: toAction(by) })),
    left: left.map(({ action, why }) => ({ action: toAction(action), why })),
  };
}

/** What is taken back, from the wire. */
export function fromRollback({ runId, undone, left }: pb.RollbackResponse): Rollback {
  return {
    run: runId,
    undone: undone.map(({ action, by }) => ({
      action: fromAction(need('undone.action', action)),
      by: fromAction(need('undone.by', by)),
    })),
    left: left.map(({ action, why }) => ({ action: fromAction(need('left.action', action)), why })),
  };
}

/** What to clear away, for the wire. */
export function toGcRequest({ dryRun, ...bounds }: GcRequest): pb.CollectGarbageRequest {
  return { dryRun, ...present(bounds) };
}

/** What to clear away, from the wire. */
export function fromGcRequest({ maxAgeMs, maxBytes, dryRun }: pb.CollectGarbageRequest): GcRequest {
  return {
    maxAgeMs: maxAgeMs === undefined ? null : natural('garbage.maxAgeMs', maxAgeMs),
    maxBytes: maxBytes === undefined ? null : natural('garbage.maxBytes', maxBytes),
    dryRun,
  };
}

/** What was cleared away, for the wire. */
export function toGcReport({ runs, kept, ...report }: GcReport): pb.CollectGarbageResponse {
  return { ...report, runIds: runs, keptRunIds: kept };
}

/** What was cleared away, from the wire. */
export function fromGcReport({ runIds, keptRunIds, ...message }: pb.CollectGarbageResponse): GcReport {
  return { ...message, runs: runIds, kept: keptRunIds };
}

function natural(field: string, value: number): number {
  if (value < 0) throw invalidField(field, 'is less than 0');
  return value;
}
