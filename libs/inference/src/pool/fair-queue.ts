/** A job moves up a band after waiting so long: the most that an urgent flood can hold up anything, twice. */
export const AGEING_MS = 10_000;
const BANDS = 3;

/** What the order of the queue depends on. */
export interface Place {
  readonly run: string;
  /** 0 to 1. */
  readonly urgency: number;
  readonly deadline: number | null;
}

/** A job's place in the queue. */
export interface Ticket<T> {
  readonly item: T;
  readonly place: Place;
  readonly since: number;
  /** The round in which its run has this turn. */
  readonly round: number;
  readonly number: number;
  band: number;
}

/**
 * Jobs that wait, in the order in which they should be served.
 *
 * fair-queue.1 More urgent bands go first.
 * fair-queue.2 Within a band runs take turns: a run with many jobs has one turn in each round, as has a run with one.
 * fair-queue.3 Within a round the earliest deadline goes first, then who came first.
 * fair-queue.4 A job moves up a band for each ten seconds that it waits, and keeps its round: nothing waits for ever.
 */
export class FairQueue<T> {
  readonly #tickets: Ticket<T>[] = [];
  /** The next free round of each run that has one after the present. */
  readonly #nextRound = new Map<string, number>();
  #round = 0;
  #count = 0;
  #agesAt = Number.POSITIVE_INFINITY;

  get length(): number {
    return this.#tickets.length;
  }

  /** Lines a job up; a `round` that it had before keeps it from losing its turn. */
  add(item: T, place: Place, now: number, round?: number): Ticket<T> {
    const turn = round ?? Math.max(this.#round, this.#nextRound.get(place.run) ?? 0);
    if (round === undefined) this.#nextRound.set(place.run, turn + 1);
    const band = Math.max(0, BANDS - 1 - Math.floor(place.urgency * BANDS));
    const ticket: Ticket<T> = { item, place, since: now, round: turn, number: this.#count++, band };
    this.#insert(ticket);
    if (band > 0) this.#agesAt = Math.min(this.#agesAt, now + AGEING_MS);
    return ticket;
  }

  /** All of them, the next one first. */
  inOrder(now: number): readonly Ticket<T>[] {
    if (now >= this.#agesAt) this.#age(now);
    return this.#tickets;
  }

  /** It is served. */
  serve(ticket: Ticket<T>): void {
    if (!this.drop(ticket)) return;
    this.#round = Math.max(this.#round, ticket.round);
    if (this.#nextRound.size > 1_000 + this.#tickets.length) {
      for (const [run, next] of this.#nextRound) if (next <= this.#round) this.#nextRound.delete(run);
    }
  }

  /** It waits no longer, served or not; false where it did not wait. */
  drop(ticket: Ticket<T>): boolean {
    const at = this.#tickets.indexOf(ticket);
    if (at >= 0) this.#tickets.splice(at, 1);
    return at >= 0;
  }

  #insert(ticket: Ticket<T>): void {
    let low = 0;
    let high = this.#tickets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(this.#tickets[middle]!, ticket) <= 0) low = middle + 1;
      else high = middle;
    }
    this.#tickets.splice(low, 0, ticket);
  }

  #age(now: number): void {
    this.#agesAt = Number.POSITIVE_INFINITY;
    for (const ticket of this.#tickets) {
      const first = Math.max(0, BANDS - 1 - Math.floor(ticket.place.urgency * BANDS));
      const steps = Math.floor((now - ticket.since) / AGEING_MS);
      ticket.band = Math.max(0, first - steps);
      if (ticket.band > 0) this.#agesAt = Math.min(this.#agesAt, ticket.since + (steps + 1) * AGEING_MS);
    }
    this.#tickets.sort(before);
  }
}

function before<T>(a: Ticket<T>, b: Ticket<T>): number {
  return (
    a.band - b.band ||
    a.round - b.round ||
    (a.place.deadline ?? Infinity) - (b.place.deadline ?? Infinity) ||
    a.number - b.number
  );
}
