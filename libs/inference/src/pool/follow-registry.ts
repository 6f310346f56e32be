import {
  NODE_SILENCE_MS,
  PraxisError,
  type Logger,
  type NodeRegistry,
  type NodeSpec,
  type RegisteredNode,
} from '@praxis/core';
import type { NodePool, PoolNode } from './node-pool.js';
import { realPoolClock, type PoolClock } from './pool-clock.js';

/** While calls are made a new or lost node is noticed within a second, else within a few. */
const BUSY_EVERY_MS = 1_000;
const IDLE_EVERY_MS = 5_000;

/** Settings of following. */
export interface FollowOptions {
  /** Nodes of the settings; one of these hides a registered node of the same name. */
  readonly settings: readonly NodeSpec[];
  readonly clock?: PoolClock;
  readonly log?: Logger;
}

/** The nodes that there are: those of the settings, and the registered ones that gave a sign of life lately. Pure. */
export function nodesOf(
  settings: readonly NodeSpec[],
  registered: readonly RegisteredNode[],
  now: number,
): readonly PoolNode[] {
  const named = new Set(settings.map((spec) => spec.name));
  const alive = registered.filter((node) => !named.has(node.spec.name) && now - node.seenAt <= NODE_SILENCE_MS);
  return [
    ...settings.map((spec) => ({ spec, origin: 'settings' as const })),
    ...alive.map(({ spec, isDraining }) => ({ spec, isDraining, origin: 'registered' as const })),
  ];
}

/**
 * Keeps a pool's nodes in step with the registry. `ready` resolves after the first look. Where the registry cannot be
 * reached the nodes stay as they were: they are there even when their list is not.
 */
export function followRegistry(
  registry: Pick<NodeRegistry, 'list'>,
  pool: Pick<NodePool, 'setNodes' | 'views'>,
  options: FollowOptions,
): { readonly ready: Promise<void>; stop(): Promise<void> } {
  const { settings, clock = realPoolClock, log } = options;
  const stop = new AbortController();
  let registered: readonly RegisteredNode[] = [];
  let wasReached = true;
  const look = async (): Promise<void> => {
    try {
      registered = await registry.list();
      if (!wasReached) log?.info('the list of inference nodes can be read again');
      wasReached = true;
    } catch (error) {
      if (wasReached)
        log?.warn('the list of inference nodes cannot be read; the known ones stay', { err: PraxisError.from(error) });
      wasReached = false;
      if (registered.length > 0) return;
    }
    if (!stop.signal.aborted) pool.setNodes(nodesOf(settings, registered, clock.now()));
  };
  const follow = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const isBusy = pool.views().some((view) => view.inFlight + view.queued > 0);
      // Ends early when it is stopped.
      await clock.sleep(isBusy ? BUSY_EVERY_MS : IDLE_EVERY_MS, stop.signal).catch(() => undefined);
      if (!stop.signal.aborted) await look();
    }
  };
  const ready = look();
  const done = ready.then(follow);
  return {
    ready,
    stop: async () => {
      stop.abort();
      await done;
    },
  };
}
