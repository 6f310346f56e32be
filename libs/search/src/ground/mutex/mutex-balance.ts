import type { ConditionalEffect, Operator } from '../task/task.js';

/** Tells which groups of facts an operator might leave with two true facts, given that each had at most one. */
export class Balance {
  /** The group of each fact, or -1. */
  readonly #groupAt: Int32Array;

  constructor(groupAt: Int32Array) {
    this.#groupAt = groupAt;
  }

  brokenBy(operator: Operator): readonly number[] {
    const broken: number[] = [];
    for (const fact of operator.add) {
      const group = this.#groupAt[fact]!;
      if (group < 0 || broken.includes(group)) continue;
      if (!this.#isBalanced(group, operator, null) || this.#isAddedElsewhere(group, operator, null)) broken.push(group);
    }
    for (const effect of operator.conditional) {
      for (const fact of effect.add) {
        const group = this.#groupAt[fact]!;
        if (group < 0 || broken.includes(group)) continue;
        if (!this.#isBalanced(group, operator, effect) || this.#isAddedElsewhere(group, operator, effect))
          broken.push(group);
      }
    }
    return broken;
  }

  /** Whether the effect (the operator's own where null) keeps a group at one fact, other effects that add aside. */
  #isBalanced(group: number, operator: Operator, effect: ConditionalEffect | null): boolean {
    const needed = this.#only(group, operator.pre, effect?.when);
    // Two facts of the group are needed: by induction that never happens.
    if (needed === 'several') return true;
    const added = this.#only(group, effect === null ? operator.add : effect.add);
    if (needed === null || added === 'several') return false;
    return added === needed || operator.del.includes(needed) || effect?.del.includes(needed) === true;
  }

  #isAddedElsewhere(group: number, operator: Operator, effect: ConditionalEffect | null): boolean {
    if (effect !== null && this.#only(group, operator.add) !== null) return true;
    return operator.conditional.some((other) => other !== effect && this.#only(group, other.add) !== null);
  }

  /** The one fact of the group among these, or that there is none or several. */
  #only(group: number, facts: readonly number[], more: readonly number[] = []): number | 'several' | null {
    let only: number | null = null;
    for (const list of [facts, more]) {
      for (const fact of list) {
        if (this.#groupAt[fact] !== group || fact === only) continue;
        if (only !== null) return 'several';
        only = fact;
      }
    }
    return only;
  }
}
