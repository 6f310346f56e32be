import {
  PraxisError,
  type ArtifactStore,
  type Logger,
  type SessionStore,
  type World,
  type WorldCatalog,
  type WorldInfo,
} from '@praxis/core';
import { PddlWorld } from './pddl/pddl-world.js';
import { nearestFirst, ownProblems, shippedWorld } from './pddl/world-kind.js';
import { RemoteWorld } from './remote-world.js';
import { WorkspaceWorld } from './workspace/workspace-world.js';

/** Worlds that come with the package, by name. */
export const SHIPPED = ['household', 'warehouse'] as const;

/**
 * What a catalogue is made of: where sessions and the bytes of files live, and the addresses of worlds that other
 * processes serve, by name.
 */
export interface CatalogParts {
  readonly sessions: SessionStore;
  readonly artifacts: ArtifactStore;
  readonly remotes: Readonly<Record<string, string>>;
  readonly log: Logger;
}

/** Opens the catalogue of all worlds this process can use; `close` ends its connections. */
export function openCatalog({ sessions, artifacts, remotes, log }: CatalogParts): WorldCatalog & { close(): void } {
  const own = [
    ...SHIPPED.map((name) => [name, new PddlWorld(shippedWorld(name), sessions)] as const),
    ['pddl', new PddlWorld(ownProblems(), sessions)] as const,
    ['workspace', new WorkspaceWorld({ sessions, artifacts })] as const,
  ];
  const far = Object.entries(remotes).map(([name, address]) => [name, new RemoteWorld(name, address)] as const);
  const taken = far.find(([name]) => own.some(([other]) => other === name));
  if (taken)
    throw new PraxisError(
      'invalid',
      `The name ${taken[0]} is already that of a world that comes with Praxis; give the remote world another name.`,
    );
  const worlds = new Map<string, World>([...own, ...far]);
  return {
    async list() {
      const infos = await Promise.all([...worlds].map(([name, world]) => describe(name, world, log)));
      return infos.filter((info) => info !== null);
    },
    async get(name) {
      const world = worlds.get(name);
      if (world) return world;
      throw new PraxisError(
        'missing',
        `There is no world "${name}". Known worlds: ${nearestFirst(name, [...worlds.keys()]).join(', ')}.`,
      );
    },
    close() {
      for (const [, world] of far) world.close();
    },
  };
}

/** A world that cannot be reached is left out of the list; whoever needs it learns why when they open it. */
async function describe(name: string, world: World, log: Logger): Promise<WorldInfo | null> {
  try {
    return await world.describe();
  } catch (thrown) {
    log.warn('a world cannot be reached', { world: name, reason: PraxisError.from(thrown).message });
    return null;
  }
}
