/**
 * What a node's prefix cache is believed to hold: the blocks of the calls that went there, least recently used out
 * first.
 *
 * Blocks name all before them, so a block without its predecessors is worth nothing: of one call the last blocks are
 * let go first.
 */
export class PrefixIndex {
  readonly #blocks = new Set<string>();
  #capacity: number;
  /** Lengths that were found since the last change: a job that waits is asked about often. */
  #found = new WeakMap<readonly string[], number>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#blocks.size;
  }

  /** How many blocks it may hold from now on. */
  resize(capacity: number): void {
    this.#capacity = Math.max(0, Math.floor(capacity));
    this.#found = new WeakMap();
    this.#evict();
  }

  /** How many of the first blocks are there. */
  match(prefix: readonly string[]): number {
    const known = this.#found.get(prefix);
    if (known !== undefined) return known;
    let length = 0;
    while (length < prefix.length && this.#blocks.has(prefix[length]!)) length += 1;
    this.#found.set(prefix, length);
    return length;
  }

  /** A call with this beginning went to the node. */
  add(prefix: readonly string[]): void {
    for (let i = prefix.length - 1; i >= 0; i--) {
      this.#blocks.delete(prefix[i]!);
      this.#blocks.add(prefix[i]!);
    }
    this.#found = new WeakMap();
    this.#evict();
  }

  /** The node lost its cache. */
  clear(): void {
    this.#blocks.clear();
    this.#found = new WeakMap();
  }

  #evict(): void {
    for (const block of this.#blocks) {
      if (this.#blocks.size <= this.#capacity) return;
      this.#blocks.delete(block);
    }
  }
}
