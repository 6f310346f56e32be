import { SimulatedNode, VirtualClock } from '@praxis/simulator';
import { type AgentCall, playRun } from './play-run.js';
import { NODE, NODES } from './simulate.js';
import { AT_A_TIME, drawRun, SIZES } from './workload.js';

/** What the cluster can do at most. */
export interface Capacity {
  readonly callsPerSecond: number;
  readonly runsPerSecond: number;
}

/**
 * The capacity of the cluster: what an ideal router would get out of it. Whole runs go to one node, so all that could
 * be in its cache is there; that node always has as many runs at hand as fill its slots; and all nodes do equally well.
 * So one node is measured alone, with a new run as soon as one is over, and the result is multiplied.
 */
export async function measureCapacity(
  seed: string,
  { seconds, warmUpSeconds }: { readonly seconds: number; readonly warmUpSeconds: number },
): Promise<Capacity> {
  const clock = new VirtualClock();
  const node = new SimulatedNode({ clock, ...NODE, seed, jitter: 0.05 });
  const until = seconds * 1_000;
  let calls = 0;
  let n = 0;
  const ask = async ({ blocks, inputTokens, outputTokens }: AgentCall): Promise<void> => {
    // After the end what is left of the runs is skipped.
    if (clock.now() >= until) return;
    await node.serve({ blocks, inputTokens, outputTokens, signal: new AbortController().signal });
    if (clock.now() >= warmUpSeconds * 1_000 && clock.now() < until) calls++;
  };
  const stream = async (): Promise<void> => {
    while (clock.now() < until) await playRun(drawRun(`${seed}/capacity`, n++, clock.now()), clock, ask);
  };
  // Twice as many agents as slots: while some wait for the world, others keep the node at work.
  await Promise.all(Array.from({ length: Math.ceil((2 * NODE.slots) / AT_A_TIME) }, stream));
  const callsPerSecond = (NODES * calls) / (seconds - warmUpSeconds);
  return { callsPerSecond, runsPerSecond: callsPerSecond / meanCallsPerRun() };
}

function meanCallsPerRun(): number {
  const mean = ([low, high]: readonly [number, number]): number => (low + high) / 2;
  return 1 + mean(SIZES.conversations) * mean(SIZES.turns);
}
