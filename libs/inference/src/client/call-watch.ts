import type { NodePatience } from './node-endpoint.js';

/** Which of a node's time limits ran out. */
export type LateFor = 'begin' | 'queue' | 'pause' | 'whole';

/** One for all: making an error for each call that ends well would cost more than the rest of the watch. */
const CLOSED = new Error('The request was closed.');

/**
 * Ends a request when its caller gives up or when the node takes too long; closing it closes the connection. A node that is
 * at work on other calls may take longer to begin.
 */
export class CallWatch {
  readonly #controller = new AbortController();
  readonly #beganAt = performance.now();
  #timer: NodeJS.Timeout;
  #whole: NodeJS.Timeout | undefined;
  #late: LateFor | null = null;
  readonly #onAbort = (): void => this.#controller.abort(CLOSED);

  constructor(
    private readonly patience: NodePatience,
    private readonly caller: AbortSignal,
    private readonly isAtWork: () => boolean = () => false,
  ) {
    this.#timer = this.#awaitBegin(patience.beginMs);
    if (caller.aborted) this.#controller.abort(CLOSED);
    else caller.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The limit that ran out, unless the caller had given up before. */
  get late(): LateFor | null {
    return this.#late;
  }

  /** Milliseconds of the limit that ran out. */
  get limitMs(): number {
    return this.patience[`${this.#late ?? 'whole'}Ms`];
  }

  /** A piece of the answer came: from the first one on, pauses are measured, and the whole. */
  heard(): void {
    if (this.#whole) {
      this.#timer.refresh();
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stop('pause'), this.patience.pauseMs);
    this.#whole = setTimeout(() => this.#stop('whole'), this.patience.wholeMs);
  }

  /** Nothing more is wanted: what is still open is closed. */
  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#whole);
    this.caller.removeEventListener('abort', this.#onAbort);
    this.#controller.abort(CLOSED);
  }

  #awaitBegin(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      const left = this.patience.queueMs - (performance.now() - this.#beganAt);
      if (!this.isAtWork()) this.#stop('begin');
      else if (left <= 0) this.#stop('queue');
      else this.#timer = this.#awaitBegin(Math.min(this.patience.beginMs, left));
    }, ms);
  }

  #stop(late: LateFor): void {
    if (this.#controller.signal.aborted) return;
    this.#late = late;
    this.#controller.abort(CLOSED);
  }
}
