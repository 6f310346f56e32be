import type { ChatAnswer, TokenScore, TokenUsage } from '@praxis/core';

/** A call of a tool as a model wrote it: nothing of it has been checked. */
export interface RawCall {
  readonly id: string;
  readonly name: string;
  /** JSON, if all is well. */
  readonly args: string;
}

/** What a model said, before anything of it is checked. */
export interface RawAnswer {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly RawCall[];
  readonly finish: ChatAnswer['finish'];
  readonly usage: TokenUsage;
  /**
   * Whether the server said how much of the input its cache had; otherwise `usage.cached` is 0 because nobody knows.
   */
  readonly saysCached: boolean;
  readonly tokens?: readonly TokenScore[];
  /** Everything that it wrote, for showing it again, where that is more than `text`. */
  readonly said?: string;
  /** Why a call that it seems to have meant could not be read out of its text. */
  readonly unread?: string;
}
