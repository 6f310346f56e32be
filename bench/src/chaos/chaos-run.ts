import { setTimeout as sleep } from 'node:timers/promises';
import { checkHistory, type Violation } from './checker/check-history.js';
import { submit, watch } from './client.js';
import type { Cluster } from './cluster.js';
import type { ChaosFault } from './draw-fault.js';
import type { History, Noted } from './history.js';
import { Person } from './person.js';
import { readModels, readStreams } from './read-history.js';
import type { Recorder } from './recorder.js';
import { arm } from './strike.js';
import type { Trial } from './trials.js';
import type { Errand } from './workload.js';

/** A run that has not ended by then is lost, in milliseconds. */
const PATIENCE_MS = 60_000;

/** How long whoever was stopped gets to do what it still believes is its to do, in milliseconds. */
const AFTERMATH_MS = 250;

/** What one run of chaos came to. */
export interface ChaosResult {
  readonly number: number;
  readonly fault: ChaosFault;
  /** Whether the point was passed so often. */
  readonly wasStruck: boolean;
  readonly violations: readonly Violation[];
  /**
   * From the blow to the next event of the journal, and to the end of the run, in milliseconds; null where nothing was
   * struck before the end.
   */
  readonly resumedMs: number | null;
  readonly endedMs: number | null;
  readonly history: History;
}

export interface ChaosContext {
  readonly cluster: Cluster;
  readonly recorder: Recorder;
  readonly seed: string;
  /** Tells requests of this process from those of another one with the same seed. */
  readonly nonce: string;
}

/**
 * One goal and one fault: the goal is submitted, the fault strikes, and all that is known is checked when the goal has
 * ended.
 */
export async function chaosRun({ number, errand, fault }: Trial, context: ChaosContext): Promise<ChaosResult> {
  const { cluster, recorder, seed } = context;
  const strike = await arm(cluster, recorder, fault, { name: `${seed}/${String(number)}`, items: errand.items });
  const history = await carry(errand, `${context.nonce}-${String(number)}`, context, async () => {
    await strike.settle();
    if (strike.at !== null && fault.blow.kind !== 'kill') await sleep(AFTERMATH_MS);
  });
  return {
    number,
    fault,
    wasStruck: strike.at !== null,
    violations: checkHistory(history),
    ...timesOf(history, strike.at),
    history,
  };
}

/** Brings one errand to its end, with a person at hand, and gathers what everybody knows of it afterwards. */
async function carry(
  errand: Errand,
  request: string,
  { cluster, recorder }: ChaosContext,
  settle: () => Promise<void>,
): Promise<History> {
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  const taken = await submit(cluster.planner, errand.goal, request, deadline);
  const run = taken ?? 'r-none';
  const person = new Person(cluster.planner, run, recorder);
  const told = taken === null ? [] : await watch(cluster.planner, run, deadline);
  await settle();
  await person.leave();
  return {
    run,
    wasTaken: taken !== null,
    wanted: errand.wanted,
    streams: await readStreams(cluster, run),
    told,
    arrivals: recorder.arrivals(errand.items),
    words: person.words,
    models: await readModels(cluster, run),
  };
}

function timesOf({ streams, run }: History, struckAt: number | null): Pick<ChaosResult, 'resumedMs' | 'endedMs'> {
  if (struckAt === null) return { resumedMs: null, endedMs: null };
  const after = [...streams.values()]
    .flat()
    .map((e) => e.at)
    .filter((at) => at > struckAt);
  const ended = streams.get(`run/${run}`)?.at(-1);
  return {
    resumedMs: after.length === 0 ? null : Math.min(...after) - struckAt,
    endedMs: isLast(ended) && ended.at >= struckAt ? ended.at - struckAt : null,
  };
}

const isLast = (event: Noted | undefined): event is Noted => event?.event.type === 'ended';
