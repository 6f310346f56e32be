import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chaosRun, type ChaosContext, type ChaosResult } from './chaos-run.js';
import { Cluster } from './cluster.js';
import { faultText } from './draw-fault.js';
import { startRecorder } from './recorder.js';
import { LOCK_MS, SWEEP_MS, type Trial } from './trials.js';

/** Limit of one run, in milliseconds, far above the time after which a run counts as lost. */
const STUCK_MS = 240_000;

export interface ChaosOptions {
  /** An empty folder for the clusters' data. */
  readonly dir: string;
  readonly seed: string;
  readonly trials: readonly Trial[];
  /** How many clusters there are; each carries one run at a time. */
  readonly clusters: number;
  /** Aborted, no further trial begins, and everything is stopped. */
  readonly signal: AbortSignal;
  readonly onResult: (result: ChaosResult) => void;
  readonly onLine: (line: string) => void;
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

/** Carries out the trials, each on whichever cluster is free. */
export async function runChaos({
  dir,
  seed,
  trials,
  clusters,
  signal,
  onResult,
  onLine,
}: ChaosOptions): Promise<{ readonly backend: 'redis' | 'postgres'; readonly restarts: number }> {
  // Under root the databases run as somebody else, who must be able to come here.
  chmodSync(dir, 0o755);
  const recorder = await startRecorder(seed);
  const left = [...trials];
  const nonce = `${seed}-${String(Date.now())}`;
  const all: Cluster[] = [];
  try {
    for (let i = 0; i < clusters; i++) {
      all.push(
        await Cluster.open({
          dir: join(dir, `cluster-${String(i)}`),
          recorderPort: recorder.port,
          lockMs: LOCK_MS,
          sweepMs: SWEEP_MS,
          onLine: (line) => onLine(`${String(i)} ${line}`),
        }),
      );
    }
    const work = async (cluster: Cluster): Promise<void> => {
      for (let trial = left.shift(); trial && !signal.aborted; trial = left.shift())
        onResult(await bounded(trial, { cluster, recorder, seed, nonce }));
    };
    await Promise.race([Promise.all(all.map(work)), aborted(signal)]);
    return { backend: all[0]!.backend, restarts: all.reduce((sum, c) => sum + c.restarts, 0) };
  } finally {
    await Promise.all(all.map((c) => c.stop()));
    await recorder.stop();
  }
}

/** Carries out one run; fails when the harness itself hangs, which says nothing about the product. */
async function bounded(trial: Trial, context: ChaosContext): Promise<ChaosResult> {
  const over = new AbortController();
  const stuck = sleep(STUCK_MS, null, { signal: over.signal }).then(() => {
    throw new Error(
      `The harness hung in run ${String(trial.number)} (${faultText(trial.fault)}); the run shows nothing. Fix the harness, then start again.`,
    );
  });
  stuck.catch(() => undefined);
  try {
    return await Promise.race([chaosRun(trial, context), stuck]);
  } finally {
    over.abort();
  }
}
