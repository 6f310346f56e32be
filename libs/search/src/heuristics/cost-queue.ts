const BUCKETS = 1 << 12;

/**
 * A queue of nodes by cost. Small whole costs lie in buckets, which is what nearly every evaluation needs; all others
 * lie in a heap that is looked at only when the buckets are empty. Every call ends, whatever the cost is.
 */
export class CostQueue {
  readonly #integral: boolean;
  readonly #buckets: Int32Array[] = [];
  readonly #sizes = new Int32Array(BUCKETS);
  #lowest = BUCKETS;
  #inBuckets = 0;
  #keys = new Float64Array(64);
  #items = new Int32Array(64);
  #heapSize = 0;
  /** Cost of the node popped last. */
  key = 0;

  constructor(integral: boolean) {
    this.#integral = integral;
  }

  get empty(): boolean {
    return this.#inBuckets === 0 && this.#heapSize === 0;
  }

  clear(): void {
    for (let k = this.#lowest; this.#inBuckets > 0; k++) {
      this.#inBuckets -= this.#sizes[k]!;
      this.#sizes[k] = 0;
    }
    this.#heapSize = 0;
    this.#lowest = BUCKETS;
  }

  push(cost: number, node: number): void {
    // Only a small whole number has a bucket; what is negative, broken or no number at all lies in the heap.
    if (!this.#integral || !(cost < BUCKETS) || cost >>> 0 !== cost) {
      this.#pushHeap(cost, node);
      return;
    }
    while (this.#buckets.length <= cost) this.#buckets.push(new Int32Array(16));
    let bucket = this.#buckets[cost]!;
    const size = this.#sizes[cost]!;
    if (size === bucket.length) {
      const grown = new Int32Array(size * 2);
      grown.set(bucket);
      this.#buckets[cost] = bucket = grown;
    }
    bucket[size] = node;
    this.#sizes[cost] = size + 1;
    this.#inBuckets++;
    if (cost < this.#lowest) this.#lowest = cost;
  }

  /** Takes a cheapest node; its cost is then in `key`. */
  pop(): number {
    if (this.#inBuckets === 0) return this.#popHeap();
    while (this.#sizes[this.#lowest] === 0) this.#lowest++;
    this.#inBuckets--;
    this.key = this.#lowest;
    return this.#buckets[this.#lowest]![--this.#sizes[this.#lowest]!]!;
  }

  #pushHeap(cost: number, node: number): void {
    if (this.#heapSize === this.#keys.length) {
      const keys = new Float64Array(this.#heapSize * 2);
      const items = new Int32Array(this.#heapSize * 2);
      keys.set(this.#keys);
      items.set(this.#items);
      this.#keys = keys;
      this.#items = items;
    }
    let at = this.#heapSize++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.#keys[up]! <= cost) break;
      this.#keys[at] = this.#keys[up]!;
      this.#items[at] = this.#items[up]!;
      at = up;
    }
    this.#keys[at] = cost;
    this.#items[at] = node;
  }

  #popHeap(): number {
    const node = this.#items[0]!;
    this.key = this.#keys[0]!;
    const size = --this.#heapSize;
    const cost = this.#keys[size]!;
    const last = this.#items[size]!;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && this.#keys[child + 1]! < this.#keys[child]!) child++;
      if (this.#keys[child]! >= cost) break;
      this.#keys[at] = this.#keys[child]!;
      this.#items[at] = this.#items[child]!;
      at = child;
    }
    this.#keys[at] = cost;
    this.#items[at] = last;
    return node;
  }
}
