import { RecordPool, type MemoryMeter } from '../queues/record-pool.js';
import type { PackedState } from '../states/state-space.js';

const HASH = 0;
const PARENT = 1;
const OPERATOR = 2;
const STATE = 3;

/**
 * Every state a search has met, numbered in the order of arrival.
 *
 * registry.1 Equal states have one number, whatever path led to them.
 * registry.2 `parent` and `operator` describe one path from the first state to each state.
 * registry.3 Nothing is allocated for a state but its record; no text is ever made of it.
 */
export class StateRegistry {
  readonly #memory: MemoryMeter;
  readonly #pool: RecordPool;
  readonly #width: number;
  #table = new Int32Array(1 << 10);

  constructor(width: number, memory: MemoryMeter) {
    this.#memory = memory;
    this.#width = width;
    this.#pool = new RecordPool(width + STATE, memory);
    memory.hold(this.#table.byteLength);
  }

  get size(): number {
    return this.#pool.size;
  }

  /** The number of a new state, or `~number` of the equal state that is there already. */
  insert(words: Int32Array, parent: number, operator: number): number {
    const hash = hashOf(words, this.#width);
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    for (let entry = this.#table[slot]!; entry !== 0; entry = this.#table[slot]!) {
      if (this.#equals(entry - 1, hash, words)) return ~(entry - 1);
      slot = (slot + 1) & mask;
    }
    const id = this.#pool.push();
    this.#table[slot] = id + 1;
    const chunk = this.#pool.chunk(id);
    const offset = this.#pool.offset(id);
    chunk[offset + HASH] = hash;
    chunk[offset + PARENT] = parent;
    chunk[offset + OPERATOR] = operator;
    chunk.set(words, offset + STATE);
    if (this.#pool.size * 3 > this.#table.length * 2) this.#grow();
    return id;
  }

  load(id: number, into: PackedState): void {
    const chunk = this.#pool.chunk(id);
    const offset = this.#pool.offset(id) + STATE;
    for (let i = 0; i < this.#width; i++) into.words[i] = chunk[offset + i]!;
  }

  parent(id: number): number {
    return this.#pool.chunk(id)[this.#pool.offset(id) + PARENT]!;
  }

  operator(id: number): number {
    return this.#pool.chunk(id)[this.#pool.offset(id) + OPERATOR]!;
  }

  /** Puts a state on a better path. */
  setParent(id: number, parent: number, operator: number): void {
    const offset = this.#pool.offset(id);
    this.#pool.chunk(id)[offset + PARENT] = parent;
    this.#pool.chunk(id)[offset + OPERATOR] = operator;
  }

  /** The operators from the first state to this one. */
  path(id: number): number[] {
    const operators: number[] = [];
    for (let at = id; this.parent(at) >= 0; at = this.parent(at)) operators.push(this.operator(at));
    return operators.reverse();
  }

  #equals(id: number, hash: number, words: Int32Array): boolean {
    const chunk = this.#pool.chunk(id);
    const offset = this.#pool.offset(id);
    if (chunk[offset + HASH] !== hash) return false;
    for (let i = 0; i < this.#width; i++) if (chunk[offset + STATE + i] !== words[i]) return false;
    return true;
  }

  #grow(): void {
    const table = new Int32Array(this.#table.length * 2);
    const mask = table.length - 1;
    for (let id = 0; id < this.#pool.size; id++) {
      let slot = this.#pool.chunk(id)[this.#pool.offset(id) + HASH]! & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = id + 1;
    }
    this.#memory.hold(table.byteLength - this.#table.byteLength);
    this.#table = table;
  }
}

/** Mixes the words so that states that differ in one bit land far apart. */
function hashOf(words: Int32Array, width: number): number {
  let hash = 0x2545f491;
  for (let i = 0; i < width; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
