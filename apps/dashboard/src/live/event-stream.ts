import { PraxisError } from '@praxis/core';
import type { Response } from 'express';
import type { Pace } from '../parts.js';

/**
 * Server-sent events to one browser.
 *
 * event-stream.1 `send` resolves when there is room for more: whoever awaits it keeps no more than one batch for a slow
 *                browser.
 * event-stream.2 While nothing is told, a comment says that the stream is alive; never to a browser that is behind.
 * event-stream.3 A browser that is gone, or has taken nothing for too long, aborts `signal`.
 */
export class EventStream {
  readonly #gone = new AbortController();
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly response: Response,
    private readonly pace: Pick<Pace, 'heartbeatMs' | 'stallMs'>,
  ) {
    response.once('close', () => this.#gone.abort());
  }

  /** Fires when nobody listens any more. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  get isOpen(): boolean {
    return this.response.headersSent;
  }

  /** Says that a stream follows; until then the answer may still be a failure. */
  open(): void {
    if (this.signal.aborted || this.isOpen) return;
    this.response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.response.flushHeaders();
    this.#heartbeat = setInterval(() => {
      if (!this.response.writableNeedDrain) this.response.write(':\n\n');
    }, this.pace.heartbeatMs);
    this.signal.addEventListener('abort', () => clearInterval(this.#heartbeat), { once: true });
  }

  /** Tells one event, whose data is JSON already: JSON has no line breaks, and so needs no more escaping. */
  async send(name: string, json: string): Promise<void> {
    this.open();
    if (this.signal.aborted) return;
    if (!this.response.write(`event: ${name}\ndata: ${json}\n\n`)) await this.drained();
  }

  /** Ends the stream properly. */
  end(): void {
    this.#gone.abort();
    this.response.end();
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(() => this.response.destroy(), this.pace.stallMs);
      const go = (): void => {
        clearTimeout(late);
        this.response.off('drain', go);
        this.signal.removeEventListener('abort', go);
        resolve();
      };
      this.response.once('drain', go);
      this.signal.addEventListener('abort', go, { once: true });
    });
  }
}

/** More streams than this at a time are a mistake or an attack. */
const MOST_STREAMS = 500;

/** The streams that are open, so that they can be counted and ended. */
export class EventStreams {
  readonly #open = new Set<EventStream>();
  #isStopping = false;

  constructor(private readonly pace: Pick<Pace, 'heartbeatMs' | 'stallMs'>) {}

  /** A stream to whoever asked; nothing is sent yet. */
  add(response: Response): EventStream {
    if (this.#isStopping) throw new PraxisError('unavailable', 'The dashboard is stopping.');
    if (this.#open.size >= MOST_STREAMS)
      throw new PraxisError('exhausted', 'Too many pages watch at the same time. Close some and try again.');
    const stream = new EventStream(response, this.pace);
    this.#open.add(stream);
    stream.signal.addEventListener('abort', () => this.#open.delete(stream), { once: true });
    return stream;
  }

  /** Ends all of them, and lets nobody in. */
  stop(): void {
    this.#isStopping = true;
    for (const stream of this.#open) stream.end();
  }
}
