import type { Condition, OpenRequest, ParsedCondition, World, WorldInfo, WorldSession } from '@praxis/core';
import { parseStructure } from '@praxis/search';
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
    this.#world = connectWorld(address);
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

  open(request: OpenRequest, signal?: AbortSignal): Promise<WorldSession> {
    return this.#world.open(request, signal);
  }

  resume(sessionId: string): Promise<WorldSession> {
    return this.#world.resume(sessionId);
  }

  close(): void {
    this.#world.close();
  }
}

/** Connects to a served world under the name that it gives itself; conditions travel as text and as structure. */
export function connectWorld(address: string): World & Closable {
  return connectEnvironment(address, { parse: structureOf });
}

/** What cannot be read here is left to the world, whose own answer says what is wrong with it. */
function structureOf(condition: Condition): ParsedCondition | null {
  try {
    return parseStructure(condition);
  } catch {
    return null;
  }
}
