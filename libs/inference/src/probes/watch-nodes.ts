import type { NodeSpec } from '@praxis/core';
import type { NodePool } from '../pool/node-pool.js';
import { realPoolClock, type PoolClock } from '../pool/pool-clock.js';
import { httpGet, type HttpGet } from './http-get.js';
import { NodeProbe } from './node-probe.js';

const EVERY_MS = 1_000;
const TIMEOUT_MS = 2_000;
/** A node that is down is looked at less and less often, but never more seldom than this. */
const SELDOM_MS = 15_000;

/** Settings of the watch; all have defaults. */
export interface WatchOptions {
  readonly clock?: PoolClock;
  readonly get?: HttpGet;
  readonly everyMs?: number;
  readonly timeoutMs?: number;
  /** API keys by node; none by default. */
  readonly keyOf?: (spec: NodeSpec) => string | null;
}

interface Watched {
  readonly spec: NodeSpec;
  readonly probe: NodeProbe;
  dueAt: number;
  failures: number;
  isLooking: boolean;
}

/**
 * Looks at a pool's nodes as long as it has some, and tells the pool. A look at one node never waits for another's, and
 * there is one at a time at each. Resolves, once stopped, when the last look is over.
 */
export function watchNodes(
  pool: Pick<NodePool, 'views' | 'noteLoad'>,
  options: WatchOptions = {},
): { stop(): Promise<void> } {
  const watch = new Watch(pool, {
    clock: realPoolClock,
    get: httpGet,
    everyMs: EVERY_MS,
    timeoutMs: TIMEOUT_MS,
    keyOf: () => null,
    ...options,
  });
  return { stop: () => watch.stop() };
}

class Watch {
  readonly #watched = new Map<string, Watched>();
  readonly #stop = new AbortController();
  readonly #looks = new Set<Promise<void>>();
  readonly #done: Promise<void>;

  constructor(
    private readonly pool: Pick<NodePool, 'views' | 'noteLoad'>,
    private readonly options: Required<WatchOptions>,
  ) {
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    await Promise.all(this.#looks);
  }

  async #run(): Promise<void> {
    const { clock, everyMs } = this.options;
    while (!this.#stop.signal.aborted) {
      this.#follow();
      for (const one of this.#watched.values()) if (!one.isLooking && clock.now() >= one.dueAt) this.#begin(one);
      // Ends early when it is stopped.
      await clock.sleep(everyMs, this.#stop.signal).catch(() => undefined);
    }
  }

  /** Watches whatever the pool has now. */
  #follow(): void {
    const views = this.pool.views();
    const specs = views.map((view) => view.spec);
    const own = new Set(views.filter((view) => view.origin === 'settings').map((view) => view.spec.name));
    const names = new Set(specs.map((spec) => spec.name));
    for (const name of this.#watched.keys()) if (!names.has(name)) this.#watched.delete(name);
    for (const spec of specs) {
      const known = this.#watched.get(spec.name)?.spec;
      if (
        spec.engine === 'embedded' ||
        (known?.url === spec.url && known.engine === spec.engine && known.keyVariable === spec.keyVariable)
      )
        continue;
      const { clock, get, timeoutMs, keyOf } = this.options;
      const probe = new NodeProbe(spec, {
        get,
        timeoutMs,
        key: keyOf(spec),
        echo: own.has(spec.name),
        now: () => clock.now(),
        signal: this.#stop.signal,
      });
      this.#watched.set(spec.name, { spec, probe, dueAt: 0, failures: 0, isLooking: false });
    }
  }

  #begin(one: Watched): void {
    one.isLooking = true;
    const look = this.#look(one).finally(() => {
      one.isLooking = false;
      this.#looks.delete(look);
    });
    this.#looks.add(look);
  }

  async #look(one: Watched): Promise<void> {
    const { clock, everyMs } = this.options;
    const report = await one.probe.look();
    if (this.#stop.signal.aborted || this.#watched.get(one.spec.name) !== one) return;
    one.failures = report.isUp ? 0 : one.failures + 1;
    // The first failures are looked into at once: calls wait to be moved on.
    one.dueAt = clock.now() + (one.failures <= 3 ? 0 : Math.min(SELDOM_MS, everyMs * 2 ** (one.failures - 3)));
    this.pool.noteLoad(one.spec.name, report);
  }
}
