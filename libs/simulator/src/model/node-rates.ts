/** How fast a simulated node is, and how much it holds. */
export interface NodeSize {
  /** Requests that run at a time: the engine's largest batch. */
  readonly slots: number;
  /** Tokens per second of a prompt, when nothing else runs. */
  readonly prefillRate: number;
  /** Tokens per second of an answer, when nothing else runs. */
  readonly decodeRate: number;
  /** Share of a lone sequence's step by which each further one in the batch lengthens it. */
  readonly crowding: number;
  /** Most tokens of a prompt in one step. */
  readonly chunkTokens: number;
  /** Tokens of prompts and answers that fit into its memory. */
  readonly cacheTokens: number;
  readonly blockTokens: number;
}

/** About a model of eight billion parameters on one accelerator of the middle class. */
export const DEFAULT_NODE_SIZE: NodeSize = {
  slots: 32,
  prefillRate: 8_000,
  decodeRate: 60,
  crowding: 0.03,
  chunkTokens: 512,
  cacheTokens: 120_000,
  blockTokens: 16,
};

/**
 * Tokens per millisecond: of the prompt that is being read, and of each answer.
 *
 * An engine works in steps. A step says one token of every answer and reads one chunk of a prompt, so
 * step = (1 + crowding × (answers − 1)) / decodeRate + chunk / prefillRate, where either part is nothing when there is
 * nothing of its kind. Reading is chunk / step and an answer 1 / step: whoever reads slows down whoever speaks.
 */
export function nodeRates(
  size: NodeSize,
  answers: number,
  isReading: boolean,
): { readonly read: number; readonly say: number } {
  const sayMs = answers === 0 ? 0 : ((1 + size.crowding * (answers - 1)) * 1_000) / size.decodeRate;
  const readMs = isReading ? (size.chunkTokens * 1_000) / size.prefillRate : 0;
  const step = sayMs + readMs;
  return { read: isReading ? size.chunkTokens / step : 0, say: answers > 0 ? 1 / step : 0 };
}
