import type { MemoryMeter } from '../queues/record-pool.js';
import type { RandomSource } from '../random.js';
import type { Unfold } from '../queues/open-list.js';

interface Group {
  states: number[];
  /** How many of each state's operators have been tried. */
  tried: number[];
}

/**
 * States grouped by what they look like (estimate and depth): a group is drawn at random, then a state of it. It leads
 * out of plateaus on which every estimate is wrong in the same way, since rare groups are drawn as often as full ones.
 */
export class Exploration {
  readonly #random: RandomSource;
  readonly #unfold: Unfold;
  readonly #memory: MemoryMeter;
  readonly #groups: Group[] = [];
  readonly #byType = new Map<number, Group>();
  entry = -1;
  operator = -1;

  constructor(random: RandomSource, unfold: Unfold, memory: MemoryMeter) {
    this.#random = random;
    this.#unfold = unfold;
    this.#memory = memory;
  }

  get empty(): boolean {
    return this.#groups.length === 0;
  }

  push(estimate: number, depth: number, entry: number): void {
    const type = estimate * 65_536 + Math.min(depth, 65_535);
    let group = this.#byType.get(type);
    if (group === undefined) {
      group = { states: [], tried: [] };
      this.#byType.set(type, group);
    }
    if (group.states.length === 0) this.#groups.push(group);
    group.states.push(entry);
    group.tried.push(0);
    this.#memory.hold(16);
  }

  /** Takes one more child of a state drawn at random; false where none is left. */
  pop(): boolean {
    while (this.#groups.length > 0) {
      const g = this.#random(this.#groups.length);
      const { states, tried } = this.#groups[g]!;
      const s = this.#random(states.length);
      const operators = this.#unfold(states[s]!);
      const turn = tried[s]!;
      if (turn < operators.length) {
        this.entry = states[s]!;
        // Each state begins elsewhere in its list, so that no action is always tried first.
        this.operator = operators[(turn + states[s]! * 7919) % operators.length]!;
        tried[s] = turn + 1;
        return true;
      }
      removeAt(states, s);
      removeAt(tried, s);
      if (states.length === 0) removeAt(this.#groups, g);
    }
    return false;
  }
}

function removeAt<T>(list: T[], index: number): void {
  const last = list.pop()!;
  if (index < list.length) list[index] = last;
}
