import { PraxisError, fold, rulesIn, runEvents, runStream, type RunId, type WorldSession } from '@praxis/core';
import { BelievedRules } from '@praxis/search';
import type { ReflectorParts } from './parts.js';

/** Where a trajectory took place: the run's rules as they were believed, and its world, in which clones can be made. */
export interface Scene {
  readonly domain: string;
  readonly problem: string;
  readonly rules: BelievedRules;
  readonly session: WorldSession;
}

/** Finds scenes, each once; null for a run whose world is gone, tells no rules, or cannot be cloned. */
export class Scenes {
  readonly #known = new Map<RunId, Promise<Scene | null>>();

  constructor(private readonly parts: Pick<ReflectorParts, 'store' | 'worlds'>) {}

  of(run: RunId): Promise<Scene | null> {
    let scene = this.#known.get(run);
    if (!scene) {
      scene = this.find(run);
      this.#known.set(run, scene);
    }
    return scene;
  }

  private async find(id: RunId): Promise<Scene | null> {
    const run = fold((await this.parts.store.journal.read(runStream(id))).map((e) => runEvents.decode(e)));
    const rules = run?.opened && rulesIn(run.opened);
    if (!run?.opened || !rules) return null;
    const world = await this.parts.worlds.get(run.goal.world);
    const session = await world.resume(run.opened.session).catch((thrown: unknown) => {
      if (PraxisError.from(thrown).code === 'missing') return null;
      throw thrown;
    });
    if (!session?.snapshots?.clone) return null;
    return { ...rules, session, rules: new BelievedRules(rules, [], { turn: id }) };
  }
}
