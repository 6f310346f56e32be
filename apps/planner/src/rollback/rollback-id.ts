import { createHash } from 'node:crypto';
import { makeRunId, type RunId } from '@praxis/core';

/** The run that takes a run back: there is one at most. */
export const rollbackId = (run: RunId): RunId => makeRunId(createHash('sha256').update(`rollback ${run}`).digest());
