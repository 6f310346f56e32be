/** A binary heap of pairs of numbers, ordered by a key and then by a second one. */
export class PairHeap {
  #keys = new Float64Array(1024);
  #ties = new Float64Array(1024);
  #first = new Int32Array(1024);
  #second = new Int32Array(1024);
  #size = 0;
  /** What was popped last. */
  key = 0;
  first = 0;
  second = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#keys.length * 24;
  }

  /** The smallest key; Infinity where the heap is empty. */
  get lowest(): number {
    return this.#size === 0 ? Infinity : this.#keys[0]!;
  }

  push(key: number, tie: number, first: number, second: number): void {
    if (this.#size === this.#keys.length) this.#grow();
    let at = this.#size++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.#less(key, tie, up)) break;
      this.#move(up, at);
      at = up;
    }
    this.#put(at, key, tie, first, second);
  }

  /** Takes the smallest pair into `key`, `first` and `second`. */
  pop(): void {
    this.key = this.#keys[0]!;
    this.first = this.#first[0]!;
    this.second = this.#second[0]!;
    const size = --this.#size;
    const key = this.#keys[size]!;
    const tie = this.#ties[size]!;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && this.#less(this.#keys[child + 1]!, this.#ties[child + 1]!, child)) child++;
      if (!this.#less(this.#keys[child]!, this.#ties[child]!, size)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, key, tie, this.#first[size]!, this.#second[size]!);
  }

  #less(key: number, tie: number, than: number): boolean {
    const other = this.#keys[than]!;
    return key < other || (key === other && tie < this.#ties[than]!);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#keys[from]!, this.#ties[from]!, this.#first[from]!, this.#second[from]!);
  }

  #put(at: number, key: number, tie: number, first: number, second: number): void {
    this.#keys[at] = key;
    this.#ties[at] = tie;
    this.#first[at] = first;
    this.#second[at] = second;
  }

  #grow(): void {
    const size = this.#size * 2;
    this.#keys = grown(this.#keys, new Float64Array(size));
    this.#ties = grown(this.#ties, new Float64Array(size));
    this.#first = grown(this.#first, new Int32Array(size));
    this.#second = grown(this.#second, new Int32Array(size));
  }
}

function grown<T extends Float64Array | Int32Array>(old: T, room: T): T {
  room.set(old);
  return room;
}
