import { parentPort } from 'node:worker_threads';
import { PraxisError } from '@praxis/core';
import { solve } from '../plan.js';
import { EvaluatedProblems } from './evaluated-problems.js';
import { FLAG, type Order, type Report, type Work } from './messages.js';

// A thread for searches and evaluations: one order at a time. A thread that is to pause sleeps where it stands.
const port = parentPort!;
const send = (report: Report): void => port.postMessage(report);
const problems = new EvaluatedProblems();

class Cancelled extends Error {}

/** Reads what the pool wants of this thread; time spent asleep does not count. */
function listen(flag: Int32Array): { cancelled(): boolean; now(): number } {
  let asleep = 0;
  return {
    cancelled: () => {
      while (Atomics.load(flag, 0) === FLAG.pause) {
        const since = performance.now();
        Atomics.wait(flag, 0, FLAG.pause);
        asleep += performance.now() - since;
      }
      return Atomics.load(flag, 0) === FLAG.cancel;
    },
    now: () => performance.now() - asleep,
  };
}

function carryOut(id: number, work: Work, { cancelled, now }: ReturnType<typeof listen>): Report {
  if (work.kind === 'search') {
    const result = solve(work.request, {
      cancelled,
      now,
      progress: (stats, bytes) => send({ kind: 'progress', id, stats, bytes }),
    });
    return result.kind === 'cancelled' ? { kind: 'stopped', id, result } : { kind: 'result', id, result };
  }
  const look = (): void => {
    if (cancelled()) throw new Cancelled('The evaluation was cancelled.');
  };
  return { kind: 'result', id, result: problems.run(work.order, look) };
}

port.on('message', ({ id, work, flag }: Order) => {
  try {
    send(carryOut(id, work, listen(new Int32Array(flag))));
  } catch (thrown) {
    if (thrown instanceof Cancelled) return send({ kind: 'stopped', id, result: null });
    const { code, message } = PraxisError.from(thrown);
    send({ kind: 'error', id, code, message });
  }
});
