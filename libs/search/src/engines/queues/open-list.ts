import type { MemoryMeter } from './record-pool.js';

/** Gives the operators of an entry, in the order in which they are to be tried. */
export type Unfold = (entry: number) => Int32Array;

interface Bucket {
  readonly key: number;
  entries: Int32Array;
  head: number;
  size: number;
  /** Operators of the entry at the head; null until it is asked for. */
  operators: Int32Array | null;
  next: number;
}

/**
 * States waiting for their children, first come first served among those of equal key.
 *
 * A state stands here once, not once for each child: its operators are found again when its turn comes, which keeps a
 * list of a million states within a few megabytes.
 */
export class OpenList {
  readonly #unfold: Unfold;
  readonly #memory: MemoryMeter;
  readonly #buckets = new Map<number, Bucket>();
  /** A binary heap of the keys of buckets that are not empty. */
  readonly #keys: number[] = [];
  /** What was popped last. */
  entry = -1;
  operator = -1;

  constructor(unfold: Unfold, memory: MemoryMeter) {
    this.#unfold = unfold;
    this.#memory = memory;
  }

  get empty(): boolean {
    return this.#keys.length === 0;
  }

  push(key: number, entry: number): void {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = { key, entries: new Int32Array(8), head: 0, size: 0, operators: null, next: 0 };
      this.#buckets.set(key, bucket);
      this.#memory.hold(256);
    }
    if (bucket.size === 0) this.#raise(key);
    this.#append(bucket, entry);
  }

  /** Takes the next child of the best state; false where none is left. */
  pop(): boolean {
    for (let key = this.#keys[0]; key !== undefined; key = this.#keys[0]) {
      const bucket = this.#buckets.get(key)!;
      bucket.operators ??= this.#unfold(bucket.entries[bucket.head]!);
      if (bucket.next < bucket.operators.length) {
        this.entry = bucket.entries[bucket.head]!;
        this.operator = bucket.operators[bucket.next++]!;
        return true;
      }
      this.#drop(bucket);
    }
    return false;
  }

  #append(bucket: Bucket, entry: number): void {
    const { entries, head, size } = bucket;
    if (head + size === entries.length) {
      const room = head > size ? entries : new Int32Array(entries.length * 2);
      if (room !== entries) this.#memory.hold(room.byteLength - entries.byteLength);
      room.set(entries.subarray(head, head + size));
      bucket.entries = room;
      bucket.head = 0;
    }
    bucket.entries[bucket.head + bucket.size++] = entry;
  }

  #drop(bucket: Bucket): void {
    bucket.head++;
    bucket.size--;
    bucket.operators = null;
    bucket.next = 0;
    if (bucket.size > 0) return;
    bucket.head = 0;
    this.#lowerRoot();
  }

  #raise(key: number): void {
    const keys = this.#keys;
    let at = keys.push(key) - 1;
    for (; at > 0;) {
      const up = (at - 1) >> 1;
      if (keys[up]! <= key) break;
      keys[at] = keys[up]!;
      at = up;
    }
    keys[at] = key;
  }

  #lowerRoot(): void {
    const keys = this.#keys;
    const key = keys.pop()!;
    if (keys.length === 0) return;
    let at = 0;
    for (let child = 1; child < keys.length; child = 2 * at + 1) {
      if (child + 1 < keys.length && keys[child + 1]! < keys[child]!) child++;
      if (keys[child]! >= key) break;
      keys[at] = keys[child]!;
      at = child;
    }
    keys[at] = key;
  }
}
