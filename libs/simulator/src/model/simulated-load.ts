/** How a simulated node stands, as its metrics would tell. */
export interface SimulatedLoad {
  readonly running: number;
  readonly waiting: number;
  /** Share of its memory that requests hold, 0 to 1. */
  readonly kvUse: number;
  /** Tokens of prompts that were looked up in the prefix cache so far, and those of them that it had. */
  readonly queries: number;
  readonly hits: number;
  /** Tokens that it read and said so far. */
  readonly read: number;
  readonly said: number;
}
