import { ERROR_TABLE, PraxisError, type Logger } from '@praxis/core';

/**
 * The life of a process: what was started last is stopped first.
 *
 * life.1 `stop` runs each `onStop` once, in reverse order, and goes on when one fails.
 * life.2 What is not done at the deadline is left behind, and said so.
 * life.3 The first SIGINT, SIGTERM or SIGHUP stops gracefully, the second ends the process at once.
 * life.4 A failure that nobody awaited is a bug: it is logged and ends the process with 70 after a graceful stop.
 * life.5 `fail` ends the process gracefully with the exit code of the failure.
 */
export class Life {
  readonly #forget: (() => void)[] = [];
  readonly #stops: { readonly name: string; readonly run: () => Promise<void> }[] = [];
  #stopping: Promise<void> | null = null;
  #failedWith: number | null = null;
  #end: () => void = () => undefined;
  /** Resolves when everything is stopped. */
  readonly stopped: Promise<void>;
  /** The signal that ended it; null where nobody sent one. */
  endedBy: NodeJS.Signals | null = null;

  constructor(private readonly options: { readonly deadlineMs: number; readonly log: Logger }) {
    this.stopped = new Promise((resolve) => (this.#end = resolve));
  }

  /** Registers what must be done before the process ends. */
  onStop(name: string, run: () => Promise<void>): void {
    this.#stops.push({ name, run });
  }

  get isStopping(): boolean {
    return this.#stopping !== null;
  }

  /** Stops everything; a second call waits for the first. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll().finally(() => {
      for (const forget of this.#forget.splice(0)) forget();
      // Before anybody who waits for the stop can end the process as if all were well.
      if (this.#failedWith !== null) process.exit(this.#failedWith);
      this.#end();
    });
    return this.#stopping;
  }

  /** Ends the process because of something it cannot go on without; nothing where it is stopping already. */
  fail(error: PraxisError): void {
    if (this.isStopping) return;
    this.options.log.error(error.message, { code: error.code });
    this.#failedWith = ERROR_TABLE[error.code].exit;
    void this.stop();
  }

  /** Reacts to the signals and the failures that end a process. */
  listen(): void {
    const onSignal = (signal: NodeJS.Signals): void => {
      if (this.isStopping) process.exit(130);
      this.endedBy = signal;
      void this.stop();
    };
    const onFailure = (thrown: unknown): void => {
      this.options.log.error('something failed that nobody was waiting for; this is a bug, please report it', {
        err: thrown,
      });
      if (this.isStopping) process.exit(ERROR_TABLE.bug.exit);
      this.#failedWith = ERROR_TABLE.bug.exit;
      void this.stop();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, onSignal);
      this.#forget.push(() => process.off(signal, onSignal));
    }
    for (const failure of ['unhandledRejection', 'uncaughtException'] as const) {
      process.on(failure, onFailure);
      this.#forget.push(() => process.off(failure, onFailure));
    }
  }

  async #stopAll(): Promise<void> {
    const deadline = Date.now() + this.options.deadlineMs;
    for (const { name, run } of this.#stops.reverse()) {
      const done = await within(Promise.resolve().then(run), deadline - Date.now()).catch((err: unknown) => {
        this.options.log.warn('a part did not stop cleanly', { part: name, err: PraxisError.from(err) });
        return true;
      });
      if (!done) this.options.log.warn('a part was left behind at the deadline', { part: name });
    }
  }
}

async function within(work: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), Math.max(100, milliseconds))));
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
