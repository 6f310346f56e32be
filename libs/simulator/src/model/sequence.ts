import type { PraxisError } from '@praxis/core';
import type { KvShare } from './kv-cache.js';

/** A request as the model sees it: sizes, and the names of its beginning. */
export interface SimulatedCall {
  /** Names of the prompt's full blocks; each names all before it too. */
  readonly blocks: readonly string[];
  readonly inputTokens: number;
  /** At least 1. */
  readonly outputTokens: number;
  readonly signal: AbortSignal;
  readonly onFirstToken?: () => void;
  /**
   * Told the number of each token of the answer, from 1. Costs an event per token, so leave it out where nobody looks.
   */
  readonly onToken?: (n: number) => void;
}

/** How a request fared, in milliseconds of model time since it came. */
export interface SimulatedAnswer {
  /** Tokens of the prompt that the prefix cache had. */
  readonly cachedTokens: number;
  readonly queuedMs: number;
  readonly firstTokenMs: number;
  readonly totalMs: number;
}

/** A request on its way through a simulated node. */
export class Sequence {
  share: KvShare | null = null;
  cachedTokens = 0;
  /** Work that is left, in tokens times the request's stretch. */
  unread = 0;
  unsaid = 0;
  isOver = false;
  onEnd: () => void = () => undefined;
  #admittedAt = 0;
  #firstAt = 0;
  #told = 0;

  constructor(
    readonly call: SimulatedCall,
    private readonly ends: { resolve(answer: SimulatedAnswer): void; reject(error: PraxisError): void },
    private readonly more: { readonly at: number; readonly stretch: number },
  ) {}

  admit(share: KvShare, at: number, cached: number): void {
    this.share = share;
    this.#admittedAt = at;
    // The last token has to be read in any case: the answer begins from it.
    this.cachedTokens = Math.min(cached, this.call.inputTokens - 1);
    this.unread = (this.call.inputTokens - this.cachedTokens) * this.more.stretch;
  }

  /** The prompt has been read, which gives the first token; what there is to tell. */
  begin(at: number): readonly (() => void)[] {
    this.#firstAt = at;
    this.unsaid = (this.call.outputTokens - 1) * this.more.stretch;
    const { onFirstToken } = this.call;
    return onFirstToken ? [onFirstToken] : [];
  }

  /** Work until there is something to tell. */
  get untilNews(): number {
    if (!this.call.onToken) return this.unsaid;
    return this.unsaid - Math.max(0, this.call.outputTokens - this.#told - 1) * this.more.stretch;
  }

  /** The tokens that were said since the last time. */
  hear(crumb: number): readonly (() => void)[] {
    const { onToken } = this.call;
    if (!onToken) return [];
    const news: (() => void)[] = [];
    while (this.#told < this.call.outputTokens && this.untilNews <= crumb) {
      const n = ++this.#told;
      news.push(() => onToken(n));
    }
    return news;
  }

  succeed(at: number): void {
    this.onEnd();
    const since = this.more.at;
    this.ends.resolve({
      cachedTokens: this.cachedTokens,
      queuedMs: this.#admittedAt - since,
      firstTokenMs: this.#firstAt - since,
      totalMs: at - since,
    });
  }

  fail(error: PraxisError): void {
    this.onEnd();
    this.ends.reject(error);
  }
}
