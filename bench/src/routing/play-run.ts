import type { SimClock } from '@praxis/simulator';
import { AT_A_TIME, SIZES, type Conversation, type RunShape } from './workload.js';

/** Tokens of a block, for nodes and pool alike. */
export const BLOCK_TOKENS = 64;

/** A call of an agent. */
export interface AgentCall {
  readonly run: string;
  readonly stream: string;
  readonly blocks: readonly string[];
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * A prompt that only grows. A block is named after the part that its last token belongs to, so a name tells all before
 * it.
 */
class Prompt {
  readonly #blocks: string[];
  #tokens: number;

  constructor(before?: Prompt) {
    this.#blocks = before ? [...before.#blocks] : [];
    this.#tokens = before ? before.#tokens : 0;
  }

  add(part: string, tokens: number): this {
    this.#tokens += tokens;
    while ((this.#blocks.length + 1) * BLOCK_TOKENS <= this.#tokens)
      this.#blocks.push(`${part}:${this.#blocks.length}`);
    return this;
  }

  asked(run: string, stream: string, outputTokens: number): AgentCall {
    return { run, stream, blocks: [...this.#blocks], inputTokens: this.#tokens, outputTokens };
  }
}

/**
 * Plays a run: each turn is asked after the world has answered the one before, whether or not that call came to
 * something.
 */
export async function playRun(run: RunShape, clock: SimClock, ask: (call: AgentCall) => Promise<void>): Promise<void> {
  await clock.sleep(run.at - clock.now());
  await ask(
    new Prompt().add('planner', SIZES.system).add(run.name, run.tokens).asked(run.name, run.name, run.planTokens),
  );
  const base = new Prompt().add('actor', SIZES.system).add(`${run.name}a`, run.tokens);
  const waiting = [...run.conversations];
  const agent = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await converse(run, next, { base, clock, ask });
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, agent));
}

async function converse(
  run: RunShape,
  { name, tokens, turns }: Conversation,
  with_: { readonly base: Prompt; readonly clock: SimClock; ask(call: AgentCall): Promise<void> },
): Promise<void> {
  const prompt = new Prompt(with_.base).add(name, tokens);
  for (const turn of turns) {
    await with_.ask(prompt.asked(run.name, name, turn.answer));
    await with_.clock.sleep(turn.thinkMs);
    prompt.add(name, turn.answer + turn.observation);
  }
}
