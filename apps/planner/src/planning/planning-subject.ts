import type { NodeId, Run, RunId } from '@praxis/core';
import type { PlannerParts } from '../parts.js';

/** Whose planning it is. */
export interface PlanningSubject {
  readonly run: RunId;
  readonly state: Run;
  readonly reason: 'first' | 'repair' | 'goal-missed';
  /** Nodes that stay. */
  readonly keep: readonly NodeId[];
  readonly deadline: number | null;
}

/** What a planning is carried out with. */
export type PlanningParts = Pick<PlannerParts, 'store' | 'executor' | 'search' | 'models' | 'caps'>;
