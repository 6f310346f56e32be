import { parentPort } from 'node:worker_threads';
import { PraxisError } from '@praxis/core';
import { solve } from '../plan.js';
import type { Order, Report } from './messages.js';

// A search thread: one order at a time.
const port = parentPort!;
const send = (report: Report): void => port.postMessage(report);

port.on('message', ({ id, request, flag }: Order) => {
  const stop = new Int32Array(flag);
  try {
    const control = { cancelled: () => Atomics.load(stop, 0) === 1, progress: (stats: Extract<Report, { kind: 'progress' }>['stats']) => send({ kind: 'progress', id, stats }) };
    send({ kind: 'result', id, result: solve(request, control) });
  } catch (thrown) {
    const { code, message } = PraxisError.from(thrown);
    send({ kind: 'error', id, code, message });
  }
});
