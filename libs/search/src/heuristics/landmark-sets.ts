import { BitRows } from './bit-rows.js';
import type { Step } from '../engines/meter.js';
import type { Relaxation } from './relaxation.js';
import type { RelaxedEffects } from './relaxed-effects.js';

const MOST_NODES = 20_000;
/** Words touched before the search for landmarks is given up: about a second. */
const MOST_WORK = 1_000_000_000;

/**
 * For each node the nodes that every relaxed plan for it must pass through: its own and those that all of its
 * achievers share, each achiever needing whatever its preconditions need.
 */
export class LandmarkSets {
  readonly sets: BitRows;
  readonly reached: Uint8Array;
  readonly #relaxation: Relaxation;
  readonly #effects: RelaxedEffects;
  readonly #given: Uint8Array;
  readonly #union: BitRows;
  readonly #missing: Int32Array;
  readonly #waiting: Uint8Array;
  #queue: number[];

  private constructor(relaxation: Relaxation, effects: RelaxedEffects) {
    this.#relaxation = relaxation;
    this.#effects = effects;
    this.sets = new BitRows(relaxation.nodes, relaxation.nodes);
    this.reached = new Uint8Array(relaxation.nodes);
    this.#given = new Uint8Array(relaxation.nodes);
    this.#union = new BitRows(1, relaxation.nodes);
    this.#missing = Int32Array.from(relaxation.needs);
    this.#waiting = new Uint8Array(relaxation.actions);
    this.#queue = [...relaxation.free];
  }

  /** The landmarks of every node, seen from a state in which these nodes hold; null where that is too much work. */
  static find(
    relaxation: Relaxation,
    effects: RelaxedEffects,
    holding: readonly number[],
    step: Step = () => {},
  ): LandmarkSets | null {
    if (relaxation.nodes > MOST_NODES) return null;
    const found = new LandmarkSets(relaxation, effects);
    return found.#settle(holding, step) ? found : null;
  }

  /** The landmarks of an action's preconditions, in row 0 of a table that the next call uses again. */
  needed(action: number): BitRows {
    const { start, values } = this.#relaxation.pre;
    this.#union.bits.fill(0);
    for (let k = start[action]!; k < start[action + 1]!; k++) this.#union.unite(0, this.sets, values[k]!);
    return this.#union;
  }

  isReached(action: number): boolean {
    return this.#missing[action]! <= 0;
  }

  #settle(holding: readonly number[], step: Step): boolean {
    for (const node of holding) {
      this.#given[node] = 1;
      this.reached[node] = 1;
      this.sets.set(node, node);
    }
    for (const node of holding) this.#wake(node, true);
    let work = 0;
    while (this.#queue.length > 0) {
      const round = this.#queue;
      this.#queue = [];
      for (const action of round) {
        this.#waiting[action] = 0;
        work += this.sets.words * (2 + this.#relaxation.needs[action]!);
        this.#carry(action);
        step();
      }
      if (work > MOST_WORK) return false;
    }
    return true;
  }

  #carry(action: number): void {
    const { start, values } = this.#effects.of;
    this.needed(action);
    for (let k = start[action]!; k < start[action + 1]!; k++) {
      const node = values[k]!;
      if (this.#given[node] === 1) continue;
      if (this.reached[node] === 0) {
        this.reached[node] = 1;
        this.sets.unite(node, this.#union, 0);
        this.sets.set(node, node);
        this.#wake(node, true);
      } else if (this.sets.intersect(node, this.#union, 0, node)) {
        this.#wake(node, false);
      }
    }
  }

  #wake(node: number, first: boolean): void {
    const { start, values } = this.#relaxation.uses;
    for (let k = start[node]!; k < start[node + 1]!; k++) {
      const action = values[k]!;
      if (first) this.#missing[action]!--;
      if (this.#missing[action]! > 0 || this.#waiting[action] === 1) continue;
      this.#waiting[action] = 1;
      this.#queue.push(action);
    }
  }
}
