import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker, type Transferable } from 'node:worker_threads';
import { PraxisError } from '@praxis/core';
import { SkillError } from '../authoring/skill-error.js';
import type { TaskAnswer } from './serve-tasks.js';

/** How many threads one kind of task has, and what each may use. */
export interface ThreadLimits {
  readonly seats: number;
  /** The most JavaScript heap of a thread, in MiB. */
  readonly memoryMb: number;
  /** A thread without work ends after this long, in milliseconds. */
  readonly idleMs: number;
}

/** What a caller says about one task. */
export interface TaskOptions {
  readonly signal: AbortSignal;
  /** The thread is ended after this long, in milliseconds; waiting for a seat does not count. */
  readonly timeoutMs: number;
  readonly transfer?: readonly Transferable[];
}

interface Seat {
  readonly worker: Worker;
  idle: NodeJS.Timeout | null;
}

/**
 * Threads for work that a skill must not do on the event loop: parsing and queries over content that strangers wrote.
 *
 * task-threads.1 At most `seats` tasks run at a time; the others wait in their order.
 * task-threads.2 A task that takes longer than its time, or is cancelled, ends with its thread; the next task has a
 *                new one.
 * task-threads.3 A thread that runs out of memory or crashes costs its own task only.
 * task-threads.4 Threads neither keep the process alive nor see its environment.
 */
export class TaskThreads<Request, Answer> {
  readonly #file: () => URL;
  readonly #limits: ThreadLimits;
  readonly #free: Seat[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(file: () => URL, limits: ThreadLimits) {
    this.#file = file;
    this.#limits = limits;
  }

  /** Runs a task; fails with a `SkillError`. */
  async run(request: Request, options: TaskOptions): Promise<Answer> {
    await this.#takeSeat(options.signal);
    let seat: Seat | null = null;
    try {
      seat = this.#free.pop() ?? this.#open();
      if (seat.idle !== null) clearTimeout(seat.idle);
      seat.worker.ref();
      const answer = await this.#ask(seat, request, options);
      this.#giveBack(seat);
      if (!answer.ok) throw new SkillError(answer.code, answer.message);
      return answer.value as Answer;
    } catch (thrown) {
      if (seat !== null && !this.#free.includes(seat)) await seat.worker.terminate();
      throw thrown;
    } finally {
      this.#leaveSeat();
    }
  }

  /** Ends the threads without work. */
  async close(): Promise<void> {
    await Promise.all(this.#free.splice(0).map((seat) => this.#end(seat)));
  }

  /** Waits for a seat; a seat that is given back goes to the first who waits. */
  async #takeSeat(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#busy < this.#limits.seats) return void (this.#busy += 1);
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(signal.reason as Error);
      };
      const turn = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(turn);
    });
  }

  #leaveSeat(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy -= 1;
    else next();
  }

  #ask(seat: Seat, request: Request, { signal, timeoutMs, transfer = [] }: TaskOptions): Promise<TaskAnswer> {
    const { worker } = seat;
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () =>
          settle(() => reject(new SkillError('timeout', `it took longer than ${timeoutMs / 1000} s and was stopped`))),
        timeoutMs,
      );
      const onAbort = (): void => settle(() => reject(signal.reason as Error));
      const onAnswer = (answer: TaskAnswer): void => settle(() => resolve(answer));
      const onError = (error: Error & { readonly code?: string }): void => settle(() => reject(this.#crash(error)));
      const onExit = (): void =>
        settle(() => reject(new SkillError('world-error', 'its thread ended before its work')));
      const settle = (end: () => void): void => {
        clearTimeout(late);
        signal.removeEventListener('abort', onAbort);
        worker.off('message', onAnswer).off('error', onError).off('exit', onExit);
        end();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      worker.on('message', onAnswer).on('error', onError).on('exit', onExit);
      worker.postMessage(request, [...transfer]);
    });
  }

  #crash({ code, message }: Error & { readonly code?: string }): SkillError {
    return code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? new SkillError('world-error', `it needs more than ${this.#limits.memoryMb} MiB of memory and was stopped`)
      : new SkillError('world-error', message);
  }

  #open(): Seat {
    const worker = new Worker(this.#file(), {
      env: {},
      execArgv: [],
      // Libraries print their own warnings; failures come back as answers.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.memoryMb },
    });
    const seat: Seat = { worker, idle: null };
    // A thread that dies without work, or while it is being ended, is only forgotten.
    worker.on('error', () => undefined).on('exit', () => this.#forget(seat));
    return seat;
  }

  #giveBack(seat: Seat): void {
    seat.worker.unref();
    seat.idle = setTimeout(() => void this.#end(seat), this.#limits.idleMs).unref();
    this.#free.push(seat);
  }

  async #end(seat: Seat): Promise<void> {
    this.#forget(seat);
    await seat.worker.terminate();
  }

  #forget(seat: Seat): void {
    if (seat.idle !== null) clearTimeout(seat.idle);
    const at = this.#free.indexOf(seat);
    if (at >= 0) this.#free.splice(at, 1);
  }
}

/** The compiled file of a thread, beside a module's URL; under test the sources run as they are, but threads do not. */
export function compiledWorker(name: string, from: string): URL {
  const beside = new URL(name, from);
  const built = new URL(beside.href.replace(/\/src\/(?!.*\/src\/)/, '/dist/'));
  const found = [beside, built].find((url) => existsSync(fileURLToPath(url)));
  if (found === undefined) throw new PraxisError('unavailable', `${name} is not built; run \`npm run build\` first.`);
  return found;
}
