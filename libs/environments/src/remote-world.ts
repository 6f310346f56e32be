import type { OpenRequest, World, WorldInfo, WorldSession } from '@praxis/core';
import { connectEnvironment, type Closable } from '@praxis/wire';

/**
 * A world that another process serves, under the name that the settings give it; the connection is made at the first
 * call.
 */
export class RemoteWorld implements World, Closable {
  readonly #world: World & Closable;

  constructor(
    readonly name: string,
    address: string,
  ) {
    this.#world = connectEnvironment(address);
  }

  /**
   * What the world says it is, under the name of the settings: its skills are of this world, whatever source they name.
   */
  async describe(): Promise<WorldInfo> {
    const info = await this.#world.describe();
    return {
      ...info,
      name: this.name,
      skills: info.skills.map((skill) => ({ ...skill, source: `world:${this.name}` })),
    };
  }

  open(request: OpenRequest): Promise<WorldSession> {
    return this.#world.open(request);
  }

  resume(sessionId: string): Promise<WorldSession> {
    return this.#world.resume(sessionId);
  }

  close(): void {
    this.#world.close();
  }
}
