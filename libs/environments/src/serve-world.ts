import type { Logger, World } from '@praxis/core';
import { startServer, type RunningServer } from '@praxis/wire';

/** Offers a world to other processes; port 0 takes a free one. The world keeps its sessions wherever it was made to. */
export function serveWorld({
  world,
  address,
  log,
}: {
  readonly world: World;
  readonly address: string;
  readonly log: Logger;
}): Promise<RunningServer> {
  return startServer({ address, services: { environment: world }, log });
}
