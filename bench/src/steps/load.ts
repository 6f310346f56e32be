import type { Meter } from './meter.js';
import { median, percentile } from './medians.js';

/** Runs one plan of so many steps; says when each step is reached. */
export type RunOne = (run: string, length: number, onStep: () => void) => Promise<void>;

/** How much to run, how long each plan is, and how many at a time. */
export interface Load {
  readonly runs: number;
  readonly length: number;
  readonly inFlight: number;
}

/** What came of a load; times in milliseconds, costs per step. */
export interface Figures {
  readonly perSecond: number;
  readonly gapP50: number;
  readonly gapP99: number;
  readonly walBytes: number;
  readonly transactions: number;
  /** CPU of this process in microseconds. */
  readonly cpuUs: number;
  readonly serverUs: number | null;
}

let count = 0;

/** Keeps so many runs in flight until all have run, and measures. */
export async function measureLoad(meter: Meter, { runs, length, inFlight }: Load, runOne: RunOne): Promise<Figures> {
  const gaps: number[] = [];
  let left = runs;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      let last: number | null = null;
      await runOne(`r-${process.pid}b${count++}`, length, () => {
        const now = performance.now();
        if (last !== null) gaps.push(now - last);
        last = now;
      });
    }
  };
  const [{ seconds, cpuMs }, server] = await meter.around(async () => {
    const cpu = process.cpuUsage();
    const began = performance.now();
    await Promise.all(Array.from({ length: inFlight }, worker));
    const used = process.cpuUsage(cpu);
    return { seconds: (performance.now() - began) / 1000, cpuMs: (used.user + used.system) / 1000 };
  });
  const steps = runs * length;
  return {
    perSecond: steps / seconds,
    gapP50: percentile(gaps, 0.5),
    gapP99: percentile(gaps, 0.99),
    walBytes: server.walBytes / steps,
    transactions: server.transactions / steps,
    cpuUs: (cpuMs * 1000) / steps,
    serverUs: server.serverMs === null ? null : (server.serverMs * 1000) / steps,
  };
}

/** The median of each figure over rounds. */
export function medianFigures(rounds: readonly Figures[]): Figures {
  const of = (pick: (f: Figures) => number): number => median(rounds.map(pick));
  const server = rounds.flatMap((f) => (f.serverUs === null ? [] : [f.serverUs]));
  return {
    perSecond: of((f) => f.perSecond),
    gapP50: of((f) => f.gapP50),
    gapP99: of((f) => f.gapP99),
    walBytes: of((f) => f.walBytes),
    transactions: of((f) => f.transactions),
    cpuUs: of((f) => f.cpuUs),
    serverUs: server.length === 0 ? null : median(server),
  };
}
