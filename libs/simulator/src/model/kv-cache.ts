/** What a request holds of a node's memory. */
export interface KvShare {
  readonly blocks: readonly string[];
  /** How many of the first blocks were there already. */
  readonly matched: number;
  /** Blocks that only this request knows. */
  own: number;
  isKept: boolean;
}

/**
 * A node's memory of keys and values, in blocks of equal size; a block's name names all blocks before it too.
 *
 * kv-cache.1 Blocks in use, idle, and free add up to the capacity; blocks that several requests use count once.
 * kv-cache.2 What is in use is never evicted; of what is idle, the least recently used goes first, and the end of a
 *            chain before its beginning.
 * kv-cache.3 A block can be matched as soon as the request that brought it has been read, not before.
 */
export class KvCache {
  readonly #used = new Map<string, number>();
  readonly #idle = new Set<string>();
  #own = 0;

  constructor(readonly capacity: number) {}

  /** Blocks that requests hold now. */
  get inUse(): number {
    return this.#used.size + this.#own;
  }

  get idle(): number {
    return this.#idle.size;
  }

  /** How many of the first blocks are there. */
  match(blocks: readonly string[]): number {
    let n = 0;
    while (n < blocks.length && (this.#used.has(blocks[n]!) || this.#idle.has(blocks[n]!))) n++;
    return n;
  }

  /** Takes `total` blocks, the first of which are named; null where they do not fit beside what is in use. */
  take(blocks: readonly string[], total: number): KvShare | null {
    const matched = this.match(blocks);
    const own = total - matched;
    let woken = 0;
    for (let i = 0; i < matched; i++) if (this.#idle.has(blocks[i]!)) woken++;
    if (own + woken > this.capacity - this.inUse) return null;
    for (let i = 0; i < matched; i++) this.#use(blocks[i]!);
    this.#own += own;
    for (const name of this.#idle) {
      if (this.inUse + this.#idle.size <= this.capacity) break;
      this.#idle.delete(name);
    }
    return { blocks, matched, own, isKept: false };
  }

  /** The request has been read: others can share its blocks. */
  keep(share: KvShare): void {
    for (let i = share.matched; i < share.blocks.length; i++) this.#use(share.blocks[i]!);
    const named = share.blocks.length - share.matched;
    share.own -= named;
    share.isKept = true;
    this.#own -= named;
  }

  /** The request is over; its named blocks stay until their room is needed. */
  release(share: KvShare): void {
    this.#own -= share.own;
    for (let i = (share.isKept ? share.blocks.length : share.matched) - 1; i >= 0; i--) {
      const name = share.blocks[i]!;
      const uses = this.#used.get(name)! - 1;
      if (uses > 0) this.#used.set(name, uses);
      else {
        this.#used.delete(name);
        this.#idle.add(name);
      }
    }
  }

  #use(name: string): void {
    this.#idle.delete(name);
    this.#used.set(name, (this.#used.get(name) ?? 0) + 1);
  }
}
