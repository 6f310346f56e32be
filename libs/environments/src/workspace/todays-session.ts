import type { WorldSession } from '@praxis/core';
import type { WorkspaceSession } from './workspace-session.js';

/**
 * A workspace session in the form that `WorldSession` has where the optional parts of a world are told by `can`. It goes
 * away when sessions tell them by their presence.
 */
export function todaysSession(session: WorkspaceSession): WorldSession & Pick<WorkspaceSession, 'files'> {
  return {
    id: session.id,
    files: session.files,
    async briefing() {
      const { rules: _, ...briefing } = await session.briefing();
      return { domain: '', problem: '', ...briefing };
    },
    observe: () => session.observe(),
    act: (...call) => session.act(...call),
    legal: async () => [],
    check: async (condition) => (await session.check(condition)).holds,
    snapshot: () => session.snapshots.take(),
    restore: (snapshot) => session.snapshots.restore(snapshot),
    clone: async (snapshot, seed) => todaysSession(await session.snapshots.clone(snapshot, seed)),
    close: () => session.close(),
  };
}
