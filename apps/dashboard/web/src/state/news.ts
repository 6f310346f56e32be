import type { NewsState, Overview, RunSummary } from '../../../src/api.js';
import { ask } from '../api/client.js';
import { listen, type LiveState } from '../api/live.js';
import { createStore } from './store.js';

/** What the cluster told last. */
export interface News {
  readonly state: LiveState;
  /** Whether the dashboard reaches the planner; null until it says. */
  readonly planner: NewsState['planner'] | null;
  readonly overview: Overview | null;
  /** When the overview came, in milliseconds since 1970-01-01 UTC. */
  readonly heardAt: number;
  /** Runs that changed since the page was opened, as they now are. */
  readonly runs: ReadonlyMap<string, RunSummary>;
  /** Counts connections, to the dashboard and beyond it to the planner: after a break, what was listed may be stale. */
  readonly connection: number;
}

/** So many changed runs are kept in mind; older ones are asked for again when they are looked at. */
const KEPT_RUNS = 2_000;

/** The cluster, live for as long as somebody looks. */
export const newsStore = createStore<News>(
  { state: 'connecting', planner: null, overview: null, heardAt: 0, runs: new Map(), connection: 0 },
  (store) => {
    const put = (change: Partial<News>): void => store.set({ ...store.get(), ...change });
    // The first overview need not wait for the stream's beat.
    void ask<Overview>('/api/overview').then(
      (overview) => put({ overview, heardAt: Date.now() }),
      () => undefined,
    );
    return listen('/api/news', {
      on: {
        state: (data) => {
          const { planner } = data as NewsState;
          const before = store.get();
          put({ planner, connection: before.connection + (before.planner === 'away' && planner === 'here' ? 1 : 0) });
        },
        overview: (data) => put({ overview: data as Overview, heardAt: Date.now() }),
        runs: (data) => put({ runs: remember(store.get().runs, data as readonly RunSummary[]) }),
      },
      onOpen: () => put({ connection: store.get().connection + 1 }),
      onState: (state) => put({ state }),
    });
  },
);

function remember(
  known: ReadonlyMap<string, RunSummary>,
  changed: readonly RunSummary[],
): ReadonlyMap<string, RunSummary> {
  const runs = new Map(known);
  for (const run of changed) {
    runs.delete(run.id);
    runs.set(run.id, run);
  }
  for (const id of runs.keys()) {
    if (runs.size <= KEPT_RUNS) break;
    runs.delete(id);
  }
  return runs;
}
