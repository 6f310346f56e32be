import type { SessionStore } from '@praxis/core';

/** Keeps sessions as long as the process lives: for a served world, for tests and for trying things out. */
export class MemorySessions implements SessionStore {
  readonly #kept = new Map<string, { readonly version: number; readonly body: string }>();

  async load(id: string): Promise<{ readonly version: number; readonly body: string } | null> {
    return this.#kept.get(id) ?? null;
  }

  async save(id: string, expected: number, body: string): Promise<boolean> {
    if ((this.#kept.get(id)?.version ?? 0) !== expected) return false;
    this.#kept.set(id, { version: expected + 1, body });
    return true;
  }

  async remove(id: string): Promise<void> {
    this.#kept.delete(id);
  }
}
