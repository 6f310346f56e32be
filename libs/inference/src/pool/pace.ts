/** What was measured loses half its weight in this time, so that a node which was slow is tried again. */
const HALF_LIFE_MS = 20_000;
/** A node's own measurements weigh as much as what is known of all nodes after so many tokens, and so many calls. */
const PRIOR_TOKENS = 2_000;
const PRIOR_CALLS = 2;
/** Even a call whose input is all in the cache takes a step of the engine. */
const LEAST_TOKENS = 64;

/** Averages of a node, in milliseconds. */
export interface PaceAverages {
  /** Per input token that no cache has. */
  readonly tokenMs: number;
  readonly firstTokenMs: number;
  readonly callMs: number;
  /** Input tokens of a call that no cache has. */
  readonly freshTokens: number;
}

/** What is taken for true before anything was measured: 4,000 tokens a second, and a short answer. */
export const UNMEASURED: PaceAverages = { tokenMs: 0.25, firstTokenMs: 250, callMs: 2_000, freshTokens: 1_000 };

/** Moving averages of how fast a node answers, or of all of them. */
export class Pace {
  #at = 0;
  #firstMs = 0;
  #work = 0;
  #fresh = 0;
  #begun = 0;
  #callMs = 0;
  #ended = 0;

  /** A call began to be answered: after so long, with so many fresh tokens of its own, and so many in front of it. */
  began(now: number, ms: number, fresh: number, ahead: number): void {
    this.#decay(now);
    this.#firstMs += ms;
    this.#work += Math.max(LEAST_TOKENS, fresh) + ahead;
    this.#fresh += fresh;
    this.#begun += 1;
  }

  /** A call ended well after so long. */
  ended(now: number, ms: number): void {
    this.#decay(now);
    this.#callMs += ms;
    this.#ended += 1;
  }

  get isMeasured(): boolean {
    return this.#begun > 0;
  }

  /** The averages, drawn towards what else is known while there is little to go by. */
  averages(now: number, prior: PaceAverages): PaceAverages {
    this.#decay(now);
    const mean = (sum: number, count: number, before: number, weight: number) =>
      (sum + before * weight) / (count + weight);
    return {
      tokenMs: mean(this.#firstMs, this.#work, prior.tokenMs, PRIOR_TOKENS),
      firstTokenMs: mean(this.#firstMs, this.#begun, prior.firstTokenMs, PRIOR_CALLS),
      callMs: mean(this.#callMs, this.#ended, prior.callMs, PRIOR_CALLS),
      freshTokens: mean(this.#fresh, this.#begun, prior.freshTokens, PRIOR_CALLS),
    };
  }

  /** The average that is shown to people: without anything that was not measured at this node. */
  get firstTokenMs(): number | null {
    return this.#begun > 0 ? this.#firstMs / this.#begun : null;
  }

  #decay(now: number): void {
    const left = 0.5 ** (Math.max(0, now - this.#at) / HALF_LIFE_MS);
    this.#at = now;
    if (left === 1) return;
    this.#firstMs *= left;
    this.#work *= left;
    this.#fresh *= left;
    this.#begun *= left;
    this.#callMs *= left;
    this.#ended *= left;
  }
}
