import type { NodePatience } from './node-endpoint.js';

/** Which of a node's time limits ran out. */
export type LateFor = 'begin' | 'pause' | 'whole';

/** One for all: making an error for each call that ends well would cost more than the rest of the watch. */
const CLOSED = new Error('The request was closed.');

/** Ends a request when its caller gives up or when the node takes too long; closing it closes the connection. */
export class CallWatch {
  readonly #controller = new AbortController();
  readonly #whole: NodeJS.Timeout;
  #timer: NodeJS.Timeout;
  #late: LateFor | null = null;
  #hasBegun = false;
  readonly #onAbort = (): void => this.#controller.abort(CLOSED);

  constructor(
    private readonly patience: NodePatience,
    private readonly caller: AbortSignal,
  ) {
    this.#timer = setTimeout(() => this.#stop('begin'), patience.beginMs);
    this.#whole = setTimeout(() => this.#stop('whole'), patience.wholeMs);
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

  /** A piece of the answer came: from the first one on, only pauses are measured. */
  heard(): void {
    if (this.#hasBegun) {
      this.#timer.refresh();
      return;
    }
    this.#hasBegun = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stop('pause'), this.patience.pauseMs);
  }

  /** Nothing more is wanted: what is still open is closed. */
  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#whole);
    this.caller.removeEventListener('abort', this.#onAbort);
    this.#controller.abort(CLOSED);
  }

  #stop(late: LateFor): void {
    if (this.#controller.signal.aborted) return;
    this.#late = late;
    this.#controller.abort(CLOSED);
  }
}
