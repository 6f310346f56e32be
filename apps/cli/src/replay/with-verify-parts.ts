import { MemoryArtifacts, MemorySessions, openCatalog } from '@praxis/environments';
import { PlanPool } from '@praxis/search';
import type { Context } from '../context.js';
import type { VerifyParts } from './replay-recorded.js';

/**
 * Makes what a replay works with in this process: worlds whose sessions nobody else sees, and a search; nothing of it
 * outlives the call.
 */
export async function withVerifyParts<T>(
  { settings, logger }: Pick<Context, 'settings' | 'logger'>,
  use: (parts: VerifyParts) => Promise<T>,
): Promise<T> {
  const worlds = openCatalog({
    artifacts: new MemoryArtifacts(),
    sessions: new MemorySessions(),
    remotes: settings.worlds.remotes,
    log: logger('replay'),
  });
  const pool = new PlanPool(settings.search);
  const { signal } = new AbortController();
  try {
    return await use({ worlds, signal, search: (request, stop) => pool.plan(request, { signal: stop }) });
  } finally {
    worlds.close();
    await pool.close();
  }
}
