import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@praxis/core';
import type { ExecutorRegistry, ExecutorState } from '@praxis/store';

/** How often an executor says that it is still there. */
const BEAT_MS = 2_000;

/** How soon a change is told: at most four times a second, however fast subgoals come and go. */
const QUIET_MS = 250;

/** Longest that a stop waits to sign off; whoever cannot is noticed to be gone by its silence. */
const LEAVE_MS = 1_000;

/** What the announcements are made of. */
export interface AnnouncerParts {
  readonly registry: Pick<ExecutorRegistry, 'announce' | 'leave'>;
  readonly log: Logger;
  /** How the executor stands now. */
  readonly describe: () => Omit<ExecutorState, 'seenAt'>;
}

/**
 * Tells the cluster that an executor is there and what it does: at once, with every beat, and soon after a change.
 * Nothing depends on it, so that a database that is away only makes it silent.
 */
export class Heartbeat {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: AnnouncerParts) {}

  start(): void {
    this.#running = this.#run(this.#stop.signal);
  }

  /** Signs off. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const left = this.#running.then(() => this.parts.registry.leave(this.parts.describe().name));
    const inTime = new AbortController();
    await Promise.race([
      left.catch((err: unknown) => this.parts.log.debug('could not sign off', { err })),
      sleep(LEAVE_MS, undefined, { signal: inTime.signal }),
    ]);
    inTime.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let told = '', quiet = 0; !signal.aborted; quiet += QUIET_MS) {
      const state = this.parts.describe();
      const text = JSON.stringify(state);
      if (text !== told || quiet >= BEAT_MS) {
        const isTold = await this.#announce(state);
        told = isTold ? text : '';
        quiet = 0;
      }
      await sleep(QUIET_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #announce(state: Omit<ExecutorState, 'seenAt'>): Promise<boolean> {
    try {
      await this.parts.registry.announce(state);
      return true;
    } catch (err) {
      this.parts.log.debug('the executor could not announce itself; it tries again', { err });
      return false;
    }
  }
}
