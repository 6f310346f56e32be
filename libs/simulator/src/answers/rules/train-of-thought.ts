import { applyChange, digest, stateDigest, type WorldState } from '@praxis/core';
import type { GroundAction } from '@praxis/search';
import type { BlockTask, ToldFailure } from './task.js';

/** How many situations are remembered; the oldest are forgotten first. */
const KEPT = 2_000;

/**
 * What it meant to do next, by situation. Who plans anew at every step may find another way each time, and go back and
 * forth for ever; so the way that was found is followed for as long as the world is as it was expected to be, and
 * nothing new has failed.
 */
export class TrainOfThought {
  readonly #next = new Map<string, readonly GroundAction[]>();

  /** What is left of the way that was found earlier; null where there was none. */
  recall(task: BlockTask, failures: readonly ToldFailure[]): readonly GroundAction[] | null {
    return this.#next.get(keyOf(task, failures, task.state)) ?? null;
  }

  /** Remembers a way from here, with the situations that it should lead through. */
  remember(task: BlockTask, failures: readonly ToldFailure[], steps: readonly GroundAction[]): void {
    const explained = task.model.explain(task.state, steps, task.goal);
    if ('brokenAt' in explained) return;
    let state = task.state;
    for (const [i, step] of explained.steps.entries()) {
      this.#next.set(keyOf(task, failures, state), steps.slice(i));
      state = applyChange(state, step.expects);
    }
    for (const oldest of this.#next.keys()) {
      if (this.#next.size <= KEPT) break;
      this.#next.delete(oldest);
    }
  }
}

const keyOf = ({ domain, goal, guards }: BlockTask, failures: readonly ToldFailure[], state: WorldState): string =>
  digest({
    domain,
    goal,
    guards: guards.map((g) => `${g.action} ${g.requires}`),
    failures: failures.map((f) => `${f.action} ${f.facts?.join() ?? ''}`).sort(),
    state: stateDigest(state),
  });
