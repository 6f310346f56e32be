import { PraxisError, type Clock, type Logger, type SkillManifest } from '@praxis/core';
import type { ExecutorRegistry } from '@praxis/store';
import { standingOf, type ExecutorApi, type ExecutorInfo } from '@praxis/wire';

/** How long one executor may take; those that are gone must not hold up the others. */
const PATIENCE_MS = 3_000;

/** How old an answer may be: many runs that are planned at once ask once. */
const FRESH_MS = 1_000;

/** A connection to one executor. */
export type ConnectedExecutor = Pick<ExecutorApi, 'describe'> & { close(): void };

/** What the executors of a cluster are found and asked with. */
export interface AnyExecutorParts {
  readonly registry: Pick<ExecutorRegistry, 'list'>;
  /** The address in the settings. */
  readonly configured: string;
  readonly connect: (address: string) => ConnectedExecutor;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * What the executors of a cluster offer together.
 *
 * executors.1 Every executor that lately announced itself is asked; one that answers is enough, and what all that
 *             answer offer is put together.
 * executors.2 The configured address is asked where none of them answers, or one announced no address that can be
 *             called; a draining executor, only where no other one answers.
 * executors.3 Where two offer a skill or a world of one name, the first by the executor's name counts.
 */
export class AnyExecutor {
  readonly #connections = new Map<string, ConnectedExecutor>();
  #latest: Promise<ExecutorInfo> | null = null;
  #readAt = 0;

  constructor(private readonly parts: AnyExecutorParts) {}

  /** At most a second old; fails with `unavailable` where no executor answers. */
  describe(): Promise<ExecutorInfo> {
    if (this.#latest && this.parts.clock.now() - this.#readAt < FRESH_MS) return this.#latest;
    const reading = this.#ask();
    this.#latest = reading;
    // While it is being read it is fresh, however long that takes.
    this.#readAt = Number.POSITIVE_INFINITY;
    reading.then(
      () => (this.#readAt = this.parts.clock.now()),
      () => (this.#latest = null),
    );
    return reading;
  }

  /** Ends all connections. */
  close(): void {
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  async #ask(): Promise<ExecutorInfo> {
    const groups = await this.#addresses();
    this.#forget(new Set(groups.flat()));
    const failures: string[] = [];
    for (const addresses of groups) {
      const asked = await Promise.all(addresses.map((address) => this.#askOne(address, failures)));
      const answers = asked.flatMap((info) => info ?? []);
      if (answers.length > 0) return together(answers);
    }
    throw new PraxisError(
      'unavailable',
      `No executor answers; start one with \`praxis serve executor\`. Asked: ${failures.join('; ')}.`,
    );
  }

  /** Whom to ask together, group after group until somebody answers. */
  async #addresses(): Promise<readonly (readonly string[])[]> {
    const { registry, configured, clock } = this.parts;
    const now = clock.now();
    const announced = (await registry.list()).filter((e) => standingOf(e, now) !== 'gone');
    const callable = announced.filter((e) => !isWildcard(e.address));
    const draining = new Set(callable.filter((e) => e.draining).map((e) => e.address));
    const working = new Set(callable.filter((e) => !e.draining).map((e) => e.address));
    if (callable.length < announced.length && !draining.has(configured)) working.add(configured);
    return [
      [...working],
      working.has(configured) || draining.has(configured) ? [] : [configured],
      [...draining].filter((a) => !working.has(a)),
    ];
  }

  async #askOne(address: string, failures: string[]): Promise<ExecutorInfo | null> {
    let connection = this.#connections.get(address);
    if (!connection) this.#connections.set(address, (connection = this.parts.connect(address)));
    try {
      return await connection.describe(AbortSignal.timeout(PATIENCE_MS));
    } catch (thrown) {
      const { message } = PraxisError.from(thrown);
      failures.push(`${address} (${message})`);
      this.parts.log.debug('an executor does not answer', { address, why: message });
      return null;
    }
  }

  #forget(known: ReadonlySet<string>): void {
    for (const [address, connection] of this.#connections) {
      if (known.has(address)) continue;
      connection.close();
      this.#connections.delete(address);
    }
  }
}

/** An executor of an older release that listens everywhere announces an address at which nobody finds it. */
const isWildcard = (address: string): boolean => /^(0\.0\.0\.0|\[?::\]?|\*):\d+$/.test(address);

function together(answers: readonly ExecutorInfo[]): ExecutorInfo {
  const sorted = [...answers].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    name: sorted.map((a) => a.name).join(', '),
    lanes: [...new Set(sorted.flatMap((a) => a.lanes))],
    worlds: firsts(
      sorted.flatMap((a) => a.worlds),
      (w) => w.name,
    ),
    skills: firsts<SkillManifest>(
      sorted.flatMap((a) => a.skills),
      (s) => `${s.source} ${s.name}`,
    ),
    strategies: firsts(
      sorted.flatMap((a) => a.strategies),
      (s) => `${s.id}@${s.version}`,
    ),
    busy: [...new Set(sorted.flatMap((a) => a.busy))],
    draining: sorted.every((a) => a.draining),
  };
}

function firsts<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const found = new Map<string, T>();
  for (const item of items) if (!found.has(keyOf(item))) found.set(keyOf(item), item);
  return [...found.values()];
}
