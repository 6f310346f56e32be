import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PraxisError, type ErrorCode } from '@praxis/core';
import type { PlanRequest, SearchResult, SearchStats } from '../request.js';
import type { Order, Report } from './messages.js';

/** How many searches run at once, and what each may use. */
export interface PoolOptions {
  readonly workers?: number;
  readonly memoryMb?: number;
}

/** What a caller may do to its search. */
export interface PlanControl {
  readonly signal?: AbortSignal;
  readonly progress?: (stats: SearchStats) => void;
}

interface Task {
  readonly order: Order;
  readonly control: PlanControl;
  readonly resolve: (result: SearchResult) => void;
  readonly reject: (error: PraxisError) => void;
}

interface Seat {
  readonly worker: Worker;
  task: Task | null;
}

const NO_STATS: SearchStats = { facts: 0, operators: 0, expanded: 0, evaluated: 0, generated: 0, milliseconds: 0 };
/** A thread that does not answer a cancel for this long is ended. */
const PATIENCE_MS = 1_000;

/**
 * Searches in worker threads, so that a service never blocks.
 *
 * P1 At most `workers` searches run at once; the rest wait in order. Threads are started when first needed.
 * P2 An aborted search answers `cancelled`; a thread that does not react is ended and replaced.
 * P3 A thread that runs out of memory or crashes costs its own search only, which answers `spent: memory` or fails.
 * P4 After `close` nothing is taken on; what waits or runs answers `cancelled`.
 */
export class PlanPool {
  readonly #size: number;
  readonly #memoryMb: number;
  readonly #seats = new Set<Seat>();
  readonly #waiting: Task[] = [];
  #next = 0;
  #closed = false;

  constructor({ workers = 2, memoryMb = 1024 }: PoolOptions = {}) {
    this.#size = workers;
    this.#memoryMb = memoryMb;
  }

  /** Plans in a thread. Bad PDDL rejects with `invalid`. */
  plan(request: PlanRequest, control: PlanControl = {}): Promise<SearchResult> {
    if (this.#closed || control.signal?.aborted === true) return Promise.resolve({ kind: 'cancelled', stats: NO_STATS });
    const budget = { memory: this.#memoryMb * 1_000_000, ...request.budget };
    const order: Order = { id: this.#next++, request: { ...request, budget }, flag: new SharedArrayBuffer(4) };
    return new Promise((resolve, reject) => {
      const onAbort = (): void => this.#cancel(task);
      const forget = (): void => control.signal?.removeEventListener('abort', onAbort);
      const task: Task = { order, control, resolve: (result) => (forget(), resolve(result)), reject: (error) => (forget(), reject(error)) };
      control.signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(task);
      this.#deal();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const task of this.#waiting.splice(0)) task.resolve({ kind: 'cancelled', stats: NO_STATS });
    const seats = [...this.#seats];
    this.#seats.clear();
    for (const seat of seats) this.#finish(seat, (task) => task.resolve({ kind: 'cancelled', stats: NO_STATS }));
    await Promise.all(seats.map(({ worker }) => worker.terminate()));
  }

  #deal(): void {
    while (this.#waiting.length > 0) {
      const seat = [...this.#seats].find((s) => s.task === null) ?? (this.#seats.size < this.#size ? this.#open() : null);
      if (!seat) return;
      seat.task = this.#waiting.shift()!;
      seat.worker.ref();
      seat.worker.postMessage(seat.task.order);
    }
  }

  #open(): Seat {
    // The search's tables are counted by its own meter; the heap beside them holds the task and the plan.
    const worker = new Worker(workerFile(), { resourceLimits: { maxOldGenerationSizeMb: Math.max(512, this.#memoryMb) }, stderr: false });
    const seat: Seat = { worker, task: null };
    this.#seats.add(seat);
    worker.unref();
    worker.on('message', (report: Report) => this.#hear(seat, report));
    worker.on('error', (error: Error & { code?: string }) => {
      this.#seats.delete(seat);
      const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#finish(seat, (task) => (outOfMemory ? task.resolve({ kind: 'spent', budget: 'memory', stats: NO_STATS }) : task.reject(PraxisError.from(error))));
      this.#deal();
    });
    worker.on('exit', () => {
      if (!this.#seats.delete(seat)) return;
      this.#finish(seat, (task) => task.resolve({ kind: 'cancelled', stats: NO_STATS }));
      this.#deal();
    });
    return seat;
  }

  #hear(seat: Seat, report: Report): void {
    if (report.id !== seat.task?.order.id) return;
    if (report.kind === 'progress') return seat.task.control.progress?.(report.stats);
    this.#finish(seat, (task) => (report.kind === 'result' ? task.resolve(report.result) : task.reject(new PraxisError(report.code as ErrorCode, report.message))));
    this.#deal();
  }

  #finish(seat: Seat, answer: (task: Task) => void): void {
    const { task } = seat;
    seat.task = null;
    seat.worker.unref();
    if (task) answer(task);
  }

  #cancel(task: Task): void {
    const at = this.#waiting.indexOf(task);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
      return task.resolve({ kind: 'cancelled', stats: NO_STATS });
    }
    const seat = [...this.#seats].find((s) => s.task === task);
    if (!seat) return;
    Atomics.store(new Int32Array(task.order.flag), 0, 1);
    setTimeout(() => seat.task === task && void seat.worker.terminate(), PATIENCE_MS).unref();
  }
}

/** Under test the sources run as they are, but a thread needs compiled code. */
function workerFile(): URL {
  const beside = new URL('./search.worker.js', import.meta.url);
  if (existsSync(fileURLToPath(beside))) return beside;
  const built = new URL('../../dist/worker/search.worker.js', import.meta.url);
  if (existsSync(fileURLToPath(built))) return built;
  throw new PraxisError('unavailable', 'The search thread is not built; run `npm run build` first.');
}
