import type { PlanRequest, SearchResult, SearchStats } from '../request.js';
import { ThreadPool } from './thread-pool.js';

/** How many searches run at once, and what each may use. */
export interface PoolOptions {
  readonly workers?: number;
  readonly memoryMb?: number;
}

/** What a caller may do to its search. */
export interface PlanControl {
  readonly signal?: AbortSignal;
  readonly progress?: (stats: SearchStats) => void;
}

const NO_STATS: SearchStats = { facts: 0, operators: 0, expanded: 0, evaluated: 0, generated: 0, milliseconds: 0 };
const CANCELLED: SearchResult = { kind: 'cancelled', stats: NO_STATS };

/**
 * Searches in worker threads, so that a service never blocks.
 *
 * plan-pool.1 At most `workers` searches run at a time; more than that take turns, by the owners that their requests
 *             name (threads.1).
 * plan-pool.2 An aborted search answers `cancelled`; a thread that does not react is ended and replaced.
 * plan-pool.3 A thread that runs out of memory or crashes costs its own search only, which answers `spent: memory` or
 *             fails.
 * plan-pool.4 After `close` nothing is taken on; what waits or runs answers `cancelled`.
 */
export class PlanPool {
  readonly #threads: ThreadPool;
  readonly #memory: number;

  constructor({ workers = 2, memoryMb = 1024 }: PoolOptions = {}) {
    this.#threads = new ThreadPool({ seats: workers, memoryMb });
    this.#memory = memoryMb * 1_000_000;
  }

  /** Plans in a thread. Bad PDDL rejects with `invalid`. */
  async plan(request: PlanRequest, { signal, progress }: PlanControl = {}): Promise<SearchResult> {
    const budget = { memory: this.#memory, ...request.budget };
    const end = await this.#threads.run(
      { kind: 'search', request: { ...request, budget } },
      { signal, progress, turn: request.turn },
    );
    if (end.kind === 'memory') return { kind: 'spent', budget: 'memory', stats: NO_STATS };
    return (end.result as SearchResult | null) ?? CANCELLED;
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
