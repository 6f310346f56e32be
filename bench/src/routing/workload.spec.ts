import { VirtualClock } from '@praxis/simulator';
import { type AgentCall, BLOCK_TOKENS, playRun } from './play-run.js';
import { drawArrivals, drawRun, SIZES } from './workload.js';

async function callsOf(n: number): Promise<readonly AgentCall[]> {
  const calls: AgentCall[] = [];
  await playRun(drawRun('s', n, 0), new VirtualClock(), async (call) => void calls.push(call));
  return calls;
}

const shared = (a: AgentCall, b: AgentCall): number => {
  let n = 0;
  while (n < a.blocks.length && a.blocks[n] === b.blocks[n]) n++;
  return n * BLOCK_TOKENS;
};

describe('the work that is simulated', () => {
  it('is the same for every policy and load: runs depend on the seed and their number alone', () => {
    const slow = drawArrivals('s', 1, 60_000);
    const fast = drawArrivals('s', 2, 60_000);
    expect(fast.length).toBeGreaterThan(slow.length);
    expect(slow.map((run) => ({ ...run, at: 0 }))).toEqual(
      fast.slice(0, slow.length).map((run) => ({ ...run, at: 0 })),
    );
    expect(drawArrivals('other', 1, 60_000)).not.toEqual(slow);
  });

  it('shares beginnings: all of a conversation with its next turn, the run with its other conversations, the rules with all', async () => {
    const calls = (await callsOf(1)).slice(1);
    const other = (await callsOf(2))[1]!;
    const streams = [...new Set(calls.map((call) => call.stream))];
    expect(streams.length).toBeGreaterThan(1);
    for (const stream of streams) {
      const turns = calls.filter((call) => call.stream === stream);
      for (const [i, turn] of turns.slice(1).entries()) {
        expect(shared(turns[i]!, turn)).toBe(turns[i]!.blocks.length * BLOCK_TOKENS);
        expect(turn.inputTokens).toBeGreaterThan(turns[i]!.inputTokens);
      }
    }
    const [first, second] = streams.map((stream) => calls.find((call) => call.stream === stream)!);
    expect(shared(first!, second!)).toBeGreaterThan(SIZES.system + SIZES.run[0] - 2 * BLOCK_TOKENS);
    expect(shared(first!, other)).toBe(Math.floor(SIZES.system / BLOCK_TOKENS) * BLOCK_TOKENS);
  });
});
