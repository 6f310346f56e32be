import { keyedRandom } from '@praxis/core';

/** One turn of a conversation: how long the model's answer is, what the world says to it, and how long that takes. */
export interface Turn {
  readonly answer: number;
  readonly observation: number;
  readonly thinkMs: number;
}

/** One agent's conversation: what stands at its beginning beyond the run's part, and its turns. */
export interface Conversation {
  readonly name: string;
  readonly tokens: number;
  readonly turns: readonly Turn[];
}

/** A run: a call that plans, then conversations, some of them at a time. */
export interface RunShape {
  readonly name: string;
  readonly at: number;
  /** Tokens of what all calls of the run share beyond the system part. */
  readonly tokens: number;
  readonly planTokens: number;
  readonly conversations: readonly Conversation[];
}

/** Sizes of what agents ask: tokens, milliseconds, counts; each drawn evenly between its two ends. */
export const SIZES = {
  /** Rules and skills: the same for all runs. */
  system: 1_500,
  run: [1_000, 3_000],
  plan: [200, 500],
  conversations: [2, 6],
  conversation: [300, 1_200],
  turns: [4, 16],
  answer: [30, 130],
  observation: [80, 300],
  thinkMs: [200, 2_000],
} as const;

/** Subgoals of a run that are worked on at a time. */
export const AT_A_TIME = 3;

/** The n-th run of a seed. Every policy and every load sees the same runs in the same order (common random numbers). */
export function drawRun(seed: string, n: number, at: number): RunShape {
  const draw = ([low, high]: readonly [number, number], ...keys: readonly (string | number)[]): number =>
    Math.round(low + (high - low) * keyedRandom(seed, n, ...keys));
  const conversations = Array.from({ length: draw(SIZES.conversations, 'conversations') }, (_, c) => ({
    name: `r${n}.${c}`,
    tokens: draw(SIZES.conversation, 'conversation', c),
    turns: Array.from({ length: draw(SIZES.turns, 'turns', c) }, (__, t) => ({
      answer: draw(SIZES.answer, 'answer', c, t),
      observation: draw(SIZES.observation, 'observation', c, t),
      thinkMs: draw(SIZES.thinkMs, 'think', c, t),
    })),
  }));
  return { name: `r${n}`, at, tokens: draw(SIZES.run, 'run'), planTokens: draw(SIZES.plan, 'plan'), conversations };
}

/** Runs that come by themselves, so many per second on the average, with exponential gaps. */
export function drawArrivals(seed: string, perSecond: number, untilMs: number): readonly RunShape[] {
  const runs: RunShape[] = [];
  let at = 0;
  for (let n = 0; ; n++) {
    at += (-Math.log(1 - keyedRandom(seed, 'gap', n)) * 1_000) / perSecond;
    if (at >= untilMs) return runs;
    runs.push(drawRun(seed, n, at));
  }
}
