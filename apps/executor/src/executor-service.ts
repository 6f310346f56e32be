import type { SkillCatalog } from '@praxis/actions';
import type { SubgoalId } from '@praxis/core';
import { PRESETS } from '@praxis/strategy';
import type { ExecutorApi, ExecutorInfo } from '@praxis/wire';
import type { Execute } from './execute.js';
import { catalogOf, type ExecutorParts } from './parts.js';

/** The executor's questions: what it can do, what it is doing, and to stop taking work. */
export class ExecutorService implements ExecutorApi {
  #draining = false;

  constructor(
    private readonly parts: ExecutorParts,
    private readonly execute: Execute,
    private readonly stopTaking: () => Promise<void>,
  ) {
    this.catalog = catalogOf(parts);
  }

  private readonly catalog: SkillCatalog;

  async describe(): Promise<ExecutorInfo> {
    return {
      name: this.parts.name,
      lanes: this.parts.lanes,
      ...(await this.catalog.describe(await this.parts.worlds.list())),
      strategies: Object.values(PRESETS).map((p) => ({ id: p.id, version: p.acting.version })),
      busy: this.execute.busy,
      draining: this.#draining,
    };
  }

  async drain(): Promise<readonly SubgoalId[]> {
    this.#draining = true;
    void this.stopTaking().catch((err: unknown) => this.parts.log.warn('draining failed', { err }));
    return this.execute.busy;
  }
}
