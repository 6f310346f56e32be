/** Most subgoals of a lane that wait for models, beside those at work. */
const MOST_WAITING = 256;

/**
 * The places at work of one lane.
 *
 * hands.1 At most `size` subgoals are at work; one that waits for a model has left its place to another, and waits for
 *         one when the answer is there.
 * hands.2 The lane takes as many jobs as there are places and waiting subgoals, so that no job lies here while another
 *         executor could do it.
 */
export class Hands {
  #atWork = 0;
  #away = 0;
  readonly #queue: (() => void)[] = [];

  constructor(
    private readonly size: number,
    /** Told how many jobs to take at a time. */
    private readonly widen: (concurrency: number) => void,
  ) {}

  /** Does a subgoal in a place of its own; `away` leaves the place while something is waited for. */
  async work<T>(job: (away: Away) => Promise<T>): Promise<T> {
    const own = { holds: false, waits: 0 };
    const take = async (): Promise<void> => {
      await this.take();
      own.holds = true;
    };
    const leave = (): void => {
      if (own.holds) this.leave();
      own.holds = false;
    };
    await take();
    try {
      return await job(async (wait) => {
        // Of several things that one subgoal waits for, the first leaves the place and the last takes one again.
        if (own.waits++ === 0) this.stepAway(1, leave);
        try {
          return await wait();
        } finally {
          if (--own.waits === 0) {
            if (!own.holds) await take();
            this.stepAway(-1);
          }
        }
      });
    } finally {
      leave();
    }
  }

  private async take(): Promise<void> {
    if (this.#atWork < this.size) this.#atWork++;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  private leave(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#atWork--;
  }

  private stepAway(by: number, leave: () => void = () => undefined): void {
    leave();
    this.#away += by;
    this.widen(this.size + Math.min(this.#away, MOST_WAITING));
  }
}

/** Waits for something outside without holding a place at work. */
export type Away = <T>(wait: () => Promise<T>) => Promise<T>;

/** Where every subgoal has all the room it wants. */
export const NO_HANDS: Away = (wait) => wait();
