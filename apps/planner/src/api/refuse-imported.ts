import { PraxisError, type RunId } from '@praxis/core';
import type { Store } from '@praxis/store';

/**
 * Fails where the id that a request leads to was taken by an import: whoever knows a key beforehand could otherwise
 * bring a run that never took place here as its answer.
 */
export async function refuseImported(run: RunId, store: Pick<Store, 'isImported'>): Promise<void> {
  if (!(await store.isImported(run))) return;
  throw new PraxisError(
    'conflict',
    `This request leads to the run ${run}, which was imported and did not take place here; use another key.`,
    { details: { run } },
  );
}
