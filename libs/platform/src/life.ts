import { PraxisError, type Logger } from '@praxis/core';

/**
 * The life of a process: what was started last is stopped first.
 *
 * L1 `stop` runs each `onStop` once, in reverse order, and goes on when one fails.
 * L2 What is not done at the deadline is left behind, and said so.
 * L3 The first SIGINT or SIGTERM stops gracefully, the second ends the process at once.
 */
export class Life {
  readonly #stops: { readonly name: string; readonly run: () => Promise<void> }[] = [];
  #stopping: Promise<void> | null = null;
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
    this.#stopping ??= this.#stopAll().finally(() => this.#end());
    return this.#stopping;
  }

  /** Reacts to the signals that end a process. */
  listen(): void {
    const onSignal = (signal: NodeJS.Signals): void => {
      if (this.isStopping) process.exit(130);
      this.endedBy = signal;
      void this.stop();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  }

  async #stopAll(): Promise<void> {
    const deadline = Date.now() + this.options.deadlineMs;
    for (const { name, run } of this.#stops.reverse()) {
      const done = await within(run(), deadline - Date.now()).catch((err: unknown) => {
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
