import { percentile } from '../steps/medians.js';
import type { Meter, ServerCost } from '../steps/meter.js';
import { askRun } from './ask-run.js';
import { STAGES, type Stage } from './laps.js';
import type { OpenCalls } from './open-calls.js';

/** How many runs at a time, how many in all, and how many calls each makes one after another. */
export interface Load {
  readonly inFlight: number;
  readonly runs: number;
  readonly calls: number;
}

/** What calls took, in milliseconds each. */
export interface Times {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU of this process. */
  readonly cpu: number;
}

/** What our calls took and left behind. */
export interface OurTimes extends Times {
  /** CPU of the database's processes, in milliseconds per call; null where the system does not show it. */
  readonly serverCpu: number | null;
  readonly walBytes: number;
}

let runs = 0;

/**
 * Does work in so many lanes until every run was had, and times each call; `begin` makes the function that a run's
 * calls report to.
 */
async function timed(load: Load, runOne: (onCall: () => void) => Promise<void>): Promise<Times> {
  const times: number[] = [];
  let left = load.runs;
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      let last: number | null = null;
      await runOne(() => {
        const now = performance.now();
        if (last !== null) times.push(now - last);
        last = now;
      });
    }
  };
  const cpu = process.cpuUsage();
  const began = performance.now();
  await Promise.all(Array.from({ length: load.inFlight }, lane));
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    cpu: (user + system) / 1000 / times.length,
  };
}

/** The floor: bare requests of the same size to the same node, their answers read and thrown away. */
export function measureFloor(nodeUrl: string, body: string, load: Load): Promise<Times> {
  return timed(load, async (onCall) => {
    onCall();
    for (let call = 0; call < load.calls; call++) {
      const response = await fetch(`${nodeUrl}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body,
      });
      await response.arrayBuffer();
      onCall();
    }
  });
}

/** Whole calls: built, rendered, routed, answered, checked, kept, journalled. */
export async function measureOurs(open: OpenCalls, meter: Meter, load: Load): Promise<OurTimes> {
  const [times, server]: readonly [Times, ServerCost] = await meter.around(() =>
    timed(load, (onCall) => askRun(open, `r-${process.pid}c${runs++}`, load.calls, onCall)),
  );
  const calls = load.runs * load.calls;
  return {
    ...times,
    serverCpu: server.serverMs === null ? null : server.serverMs / calls,
    walBytes: server.walBytes / calls,
  };
}

/** The median of the milliseconds of each stage of a call, with one call at a time. */
export async function measureStages(open: OpenCalls, calls: number): Promise<readonly (readonly [Stage, number])[]> {
  open.laps.reset();
  await askRun(open, `r-${process.pid}c${runs++}`, calls, () => open.laps.next());
  return STAGES.map((stage) => [stage, percentile(open.laps.of(stage), 0.5)] as const);
}

/** Bytes of the journal and of kept texts, indexes and all. */
export async function storedBytes(meter: Meter): Promise<number> {
  const [row] = await meter.ask<{ bytes: number }>(
    "select (pg_total_relation_size('events') + pg_total_relation_size('blobs'))::float8 as bytes",
  );
  return row!.bytes;
}
