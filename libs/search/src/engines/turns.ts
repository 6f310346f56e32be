/** Something states or children can be taken from. */
export interface Waiting {
  readonly empty: boolean;
  /** Takes the next one into `entry` and `operator`; false where it turned out that nothing was left. */
  pop(): boolean;
  readonly entry: number;
  readonly operator: number;
}

/** One list of a search and how often it has been served. */
export interface Source {
  readonly list: Waiting;
  readonly preferred: boolean;
  priority: number;
}

/** How much longer preferred lists are served than others after progress. */
const LEAD = 1000;
/**
 * Leads add up to no more than this: a search that made progress often and is now stuck would otherwise follow
 * preferred operators alone for a very long time.
 */
const GREATEST_LEAD = 4000;

/** Lists that take turns: the one served least comes next. */
export class Turns {
  readonly #sources: Source[] = [];

  /** Adds a list that is from now on served as often as the others. */
  add(list: Waiting, preferred: boolean): void {
    const priority = this.#sources.reduce((most, source) => Math.max(most, source.priority), 0);
    this.#sources.push({ list, preferred, priority });
  }

  /** Serves preferred lists first for a while. */
  favour(): void {
    let least = Infinity;
    for (const source of this.#sources) if (!source.preferred) least = Math.min(least, source.priority);
    for (const source of this.#sources) {
      if (!source.preferred) continue;
      const ahead = Math.min(source.priority, least) - LEAD;
      source.priority = Math.min(source.priority, Math.max(ahead, least - GREATEST_LEAD));
    }
  }

  /** The list whose turn it is, with its next entry taken; null where all are empty. */
  next(): Source | null {
    for (;;) {
      let best: Source | null = null;
      for (const source of this.#sources)
        if (!source.list.empty && (best === null || source.priority < best.priority)) best = source;
      if (best === null) return null;
      best.priority++;
      if (best.list.pop()) return best;
    }
  }
}
