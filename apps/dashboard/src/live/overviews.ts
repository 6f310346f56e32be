import type { Overview } from '@praxis/wire';
import type { Seen } from '../parts.js';

/** A planner that takes longer is away, for whoever looks. */
const ASK_MS = 5_000;

/** How the cluster stands, asked once for however many look at the same time. */
export class Overviews {
  #asking: Promise<Overview> | null = null;

  constructor(private readonly planner: Pick<Seen, 'overview'>) {}

  /** As it is; whoever asks meanwhile shares the answer. */
  ask(): Promise<Overview> {
    this.#asking ??= this.planner.overview(AbortSignal.timeout(ASK_MS)).finally(() => (this.#asking = null));
    return this.#asking;
  }
}

/** Every lane there is: those of executors, and those in whose queues something was found. */
export function lanesOf({ executors, queues }: Overview): readonly string[] {
  return [...new Set([...executors.flatMap((e) => e.lanes), ...(queues ?? []).flatMap((q) => q.lane ?? [])])];
}
