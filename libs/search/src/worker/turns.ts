/** Something that has an owner. */
export interface Owned {
  readonly turn: string;
}

/**
 * The order in which owners, and the work of each owner, come to their turns.
 *
 * turns.1 In one turn no owner is given two seats while another who has work has none.
 * turns.2 After a turn, who had a seat goes to the end of the line: with n owners and s seats an owner waits for at
 *         most ⌈n / s⌉ − 1 turns, however much work the others have.
 */
export class TurnLine<T extends Owned> {
  readonly #owners = new Map<string, T[]>();

  get size(): number {
    let size = 0;
    for (const list of this.#owners.values()) size += list.length;
    return size;
  }

  /** How much work of an owner stands in the line. */
  count(turn: string): number {
    return this.#owners.get(turn)?.length ?? 0;
  }

  add(item: T): void {
    const list = this.#owners.get(item.turn);
    if (list) list.push(item);
    else this.#owners.set(item.turn, [item]);
  }

  remove(item: T): boolean {
    const list = this.#owners.get(item.turn);
    const at = list?.indexOf(item) ?? -1;
    if (at < 0) return false;
    list!.splice(at, 1);
    if (list!.length === 0) this.#owners.delete(item.turn);
    return true;
  }

  /** Whose turn it is now, at most so many. */
  first(seats: number): T[] {
    const found: T[] = [];
    for (let round = 0; found.length < seats; round++) {
      const before = found.length;
      for (const list of this.#owners.values()) {
        const item = list[round];
        if (item !== undefined && found.length < seats) found.push(item);
      }
      if (found.length === before) break;
    }
    return found;
  }

  /** Ends a turn: these go to the end of the line. */
  pass(served: readonly T[]): void {
    for (const turn of new Set(served.map((item) => item.turn))) {
      const list = this.#owners.get(turn);
      if (!list) continue;
      this.#owners.delete(turn);
      const had = served.filter((item) => list.includes(item));
      this.#owners.set(turn, [...list.filter((item) => !had.includes(item)), ...had]);
    }
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const list of this.#owners.values()) yield* list;
  }
}
