import type { OperatorSet } from '../states/operator-list.js';
import type { MemoryMeter } from '../queues/record-pool.js';

/** The preferred operators of states, each state's in one stretch: the state, how many, the operators. */
export class Promises {
  readonly #memory: MemoryMeter;
  #cells = new Int32Array(1024);
  #size = 0;

  constructor(memory: MemoryMeter) {
    this.#memory = memory;
    memory.hold(this.#cells.byteLength);
  }

  /** Keeps a state's operators; where they are kept is the answer. */
  keep(state: number, operators: OperatorSet): number {
    const at = this.#size;
    while (at + 2 + operators.size > this.#cells.length) this.#grow();
    this.#cells[at] = state;
    this.#cells[at + 1] = operators.size;
    for (let k = 0; k < operators.size; k++) this.#cells[at + 2 + k] = operators.items[k]!;
    this.#size += 2 + operators.size;
    return at;
  }

  state(at: number): number {
    return this.#cells[at]!;
  }

  operators(at: number): Int32Array {
    return this.#cells.slice(at + 2, at + 2 + this.#cells[at + 1]!);
  }

  #grow(): void {
    const grown = new Int32Array(this.#cells.length * 2);
    grown.set(this.#cells);
    this.#memory.hold(grown.byteLength - this.#cells.byteLength);
    this.#cells = grown;
  }
}
