import { Worker } from 'node:worker_threads';

/** How often the event loop says that it turns, and how often the thread looks. */
const BEAT_MS = 200;

/**
 * Runs in a thread of its own, which the event loop cannot hold up. It counts its own looks, not the time on a clock: a
 * process that was stopped and goes on, or whose clock jumps, is not taken for one that stands still.
 */
const WATCH = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const beats = new Int32Array(workerData.beats);
let seen = -1;
let missed = 0;
setInterval(() => {
  const now = Atomics.load(beats, 0);
  missed = now === seen ? missed + 1 : 0;
  seen = now;
  if (missed < workerData.most) return;
  try {
    writeSync(2, JSON.stringify({ level: 'error', msg: 'the event loop stood still for ' + workerData.stalledMs + ' ms; the process ends itself, and its work is taken up by others', pid: process.pid }) + '\\n');
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}, workerData.beatMs);
`;

/**
 * Ends the process once its event loop has stood still for so long: a service that answers nobody, not even a signal to
 * stop, keeps its work from others for ever. Gives what ends the watch.
 */
export function startWatchdog(stalledMs: number): () => Promise<void> {
  const beats = new SharedArrayBuffer(4);
  const count = new Int32Array(beats);
  const workerData = { beats, stalledMs, beatMs: BEAT_MS, most: Math.max(2, Math.ceil(stalledMs / BEAT_MS)) };
  const beating = setInterval(() => Atomics.add(count, 0, 1), BEAT_MS / 2);
  const watcher = new Worker(WATCH, { eval: true, execArgv: [], workerData });
  watcher.on('error', (error) => {
    clearInterval(beating);
    process.emitWarning(`The watch over the event loop has ended: ${error.message}`);
  });
  watcher.unref();
  beating.unref();
  return async () => {
    clearInterval(beating);
    await watcher.terminate();
  };
}
