import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PraxisError, type ErrorCode } from '@praxis/core';
import type { SearchResult, SearchStats } from '../request.js';
import { FLAG, type Order, type Report, type Work } from './messages.js';
import { TurnLine } from './turns.js';

/** How many threads work at once, and what each may use. */
export interface ThreadOptions {
  /** How many pieces of work run at a time. */
  readonly seats: number;
  readonly memoryMb: number;
  /** Milliseconds of a turn, where more is under way than there are seats. */
  readonly sliceMs?: number;
}

/** What a caller may do to its work. */
export interface WorkControl {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((stats: SearchStats) => void) | undefined;
  /** Whose work it is; work that names nobody has a turn of its own. */
  readonly turn?: string | undefined;
}

/** How some work ended. */
export type WorkEnd =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'stopped'; readonly result: SearchResult | null }
  | { readonly kind: 'memory' };

interface Job {
  readonly turn: string;
  readonly order: Order;
  readonly flag: Int32Array;
  readonly control: WorkControl;
  readonly resolve: (end: WorkEnd) => void;
  readonly reject: (error: PraxisError) => void;
  thread: Thread | null;
  /** Counts up with every start. */
  started: number;
  bytes: number;
  isPutBack: boolean;
}

interface Thread {
  readonly worker: Worker;
  job: Job | null;
}

const SLICE_MS = 200;
/** A thread that does not answer a cancel for this long is ended. */
const PATIENCE_MS = 1_000;
/** Threads for each seat: so many owners can have work under way, of which all but the seats' are asleep. */
const THREADS_PER_SEAT = 8;

/**
 * Long work in threads, so that a service never blocks, in fair turns.
 *
 * threads.1 At most `seats` pieces of work run at a time. What still waits after a turn begins in a thread of its own;
 *           what is under way beyond the seats sleeps where it stands, and seats change hands in turns (turns.1,
 *           turns.2), so that endless work of one owner delays others by its turns only.
 * threads.2 Of one owner at most `seats` pieces are under way. Where no thread is free for an owner who has none, the
 *           owner with most gives up the one that it began last; that one begins anew later.
 * threads.3 Together, what is under way holds at most `seats` times `memoryMb`: beyond that the piece begun last is put
 *           back until there is room for it. The piece begun first is never put back, so that something always gets on.
 * threads.4 Aborted work answers `stopped` within a second or so: a thread that does not react is ended and replaced.
 * threads.5 A thread that crashes or runs out of memory costs its own work only.
 * threads.6 After `close` nothing is taken on; what waits or runs answers `stopped`.
 */
export class ThreadPool {
  readonly #options: Required<ThreadOptions>;
  readonly #threads = new Set<Thread>();
  readonly #waiting = new TurnLine<Job>();
  readonly #active = new TurnLine<Job>();
  /** How often work was put back to begin anew. */
  putBacks = 0;
  #next = 0;
  #starts = 0;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: ThreadOptions) {
    this.#options = { sliceMs: SLICE_MS, ...options };
  }

  /** Has a thread do some work. */
  run(work: Work, control: WorkControl = {}): Promise<WorkEnd> {
    const { signal } = control;
    if (this.#closed || signal?.aborted === true) return Promise.resolve({ kind: 'stopped', result: null });
    const id = this.#next++;
    const flag = new SharedArrayBuffer(4);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => this.#cancel(job);
      const forget = (): void => signal?.removeEventListener('abort', onAbort);
      const job: Job = {
        turn: control.turn ?? `#${id}`,
        order: { id, work, flag },
        flag: new Int32Array(flag),
        control,
        resolve: (end) => (forget(), resolve(end)),
        reject: (error) => (forget(), reject(error)),
        thread: null,
        started: 0,
        bytes: 0,
        isPutBack: false,
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(job);
      this.#deal();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    const threads = [...this.#threads];
    this.#threads.clear();
    for (const job of [...this.#waiting, ...this.#active]) {
      this.#waiting.remove(job);
      this.#active.remove(job);
      job.resolve({ kind: 'stopped', result: null });
    }
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  /** Begins what may begin; only what has waited for a turn gets a thread beyond the seats. */
  #deal(threads = this.#options.seats): void {
    for (let job = this.#nextToStart(); job !== null; job = this.#nextToStart()) {
      const thread = this.#freeThread(threads);
      if (thread === null) break;
      this.#waiting.remove(job);
      this.#start(job, thread);
    }
    this.#seat();
  }

  /** The next piece that may begin, of the owner who has least under way (threads.2, threads.3). */
  #nextToStart(): Job | null {
    let next: Job | null = null;
    for (const job of this.#waiting) {
      const own = this.#active.count(job.turn);
      if (own >= this.#options.seats || !this.#hasRoomFor(job)) continue;
      if (next === null || own < this.#active.count(next.turn)) next = job;
    }
    return next;
  }

  #hasRoomFor(job: Job): boolean {
    return job.bytes === 0 || this.#active.size === 0 || this.#held() + job.bytes <= this.#most();
  }

  #freeThread(most: number): Thread | null {
    for (const thread of this.#threads) if (thread.job === null) return thread;
    return this.#threads.size < most ? this.#open() : null;
  }

  /** threads.2 */
  #makeRoom(job: Job): void {
    if (this.#active.count(job.turn) > 0 || [...this.#active].some((other) => other.isPutBack)) return;
    const many = [...this.#active].filter((other) => this.#active.count(other.turn) > 1);
    const most = Math.max(...many.map((other) => this.#active.count(other.turn)));
    this.#putBackYoungest(many.filter((other) => this.#active.count(other.turn) === most));
  }

  #putBackYoungest(jobs: readonly Job[]): void {
    const youngest = jobs.reduce<Job | null>(
      (last, job) => (last === null || job.started > last.started ? job : last),
      null,
    );
    if (youngest === null) return;
    youngest.isPutBack = true;
    this.putBacks += 1;
    this.#stop(youngest);
  }

  #start(job: Job, thread: Thread): void {
    job.thread = thread;
    job.started = ++this.#starts;
    job.isPutBack = false;
    Atomics.store(job.flag, 0, FLAG.pause);
    thread.job = job;
    thread.worker.ref();
    this.#active.add(job);
    thread.worker.postMessage(job.order);
  }

  /** Gives the seats to those whose turn it is (threads.1). */
  #seat(): void {
    const seated = new Set(this.#active.first(this.#options.seats));
    for (const job of this.#active) {
      if (Atomics.load(job.flag, 0) === FLAG.cancel) continue;
      Atomics.store(job.flag, 0, seated.has(job) ? FLAG.run : FLAG.pause);
      Atomics.notify(job.flag, 0);
    }
    if (this.#active.size > this.#options.seats || this.#waiting.size > 0)
      this.#timer ??= setInterval(() => this.#nextTurn(), this.#options.sliceMs).unref();
    else this.#stopTimer();
  }

  #nextTurn(): void {
    const { seats } = this.#options;
    this.#active.pass(this.#active.first(seats));
    this.#deal(seats * THREADS_PER_SEAT);
    const next = this.#nextToStart();
    if (next !== null) this.#makeRoom(next);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #open(): Thread {
    const { memoryMb } = this.#options;
    // The search's tables are counted by its own meter; the heap beside them holds the task and the plan.
    const worker = new Worker(workerFile(), {
      resourceLimits: { maxOldGenerationSizeMb: Math.max(512, memoryMb) },
      stderr: false,
    });
    const thread: Thread = { worker, job: null };
    this.#threads.add(thread);
    worker.unref();
    worker.on('message', (report: Report) => this.#hear(thread, report));
    worker.on('error', (error: Error & { code?: string }) => {
      this.#threads.delete(thread);
      const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#free(thread, (job) =>
        outOfMemory ? job.resolve({ kind: 'memory' }) : job.reject(PraxisError.from(error)),
      );
    });
    worker.on('exit', () => {
      if (this.#threads.delete(thread)) this.#free(thread, (job) => this.#end(job, { kind: 'stopped', result: null }));
    });
    return thread;
  }

  #hear(thread: Thread, report: Report): void {
    const { job } = thread;
    if (report.id !== job?.order.id) return;
    if (report.kind === 'progress') return this.#note(job, report);
    this.#free(thread, () =>
      report.kind === 'error'
        ? job.reject(new PraxisError(report.code as ErrorCode, report.message))
        : this.#end(job, report),
    );
  }

  /** threads.3 */
  #note(job: Job, { stats, bytes }: Extract<Report, { kind: 'progress' }>): void {
    job.bytes = bytes;
    job.control.progress?.(stats);
    if (this.#active.size < 2 || this.#held() <= this.#most() || [...this.#active].some((other) => other.isPutBack))
      return;
    this.#putBackYoungest([...this.#active]);
  }

  #held(): number {
    let bytes = 0;
    for (const job of this.#active) bytes += job.bytes;
    return bytes;
  }

  #most(): number {
    return this.#options.seats * this.#options.memoryMb * 1_000_000;
  }

  #free(thread: Thread, answer: (job: Job) => void): void {
    const { job } = thread;
    thread.job = null;
    thread.worker.unref();
    if (job === null) return;
    job.thread = null;
    if (!this.#active.remove(job)) return;
    answer(job);
    if (!this.#closed) this.#deal();
    this.#trim(thread);
  }

  /** What was put back goes on waiting; everything else has its answer. */
  #end(job: Job, end: WorkEnd): void {
    if (end.kind === 'stopped' && job.isPutBack && job.control.signal?.aborted !== true) this.#waiting.add(job);
    else job.resolve(end);
  }

  /** Threads beyond the seats are kept only as long as there is work for them. */
  #trim(thread: Thread): void {
    if (thread.job !== null || this.#threads.size <= this.#options.seats || !this.#threads.delete(thread)) return;
    void thread.worker.terminate();
  }

  #cancel(job: Job): void {
    if (this.#waiting.remove(job)) return job.resolve({ kind: 'stopped', result: null });
    this.#stop(job);
  }

  #stop(job: Job): void {
    const { thread } = job;
    if (thread === null) return;
    Atomics.store(job.flag, 0, FLAG.cancel);
    Atomics.notify(job.flag, 0);
    setTimeout(() => thread.job === job && void thread.worker.terminate(), PATIENCE_MS).unref();
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
