import type { Logger } from '@praxis/core';
import { Client } from 'pg';
import { pause } from './async-notifier.js';
import { CHANNEL, parseMessage } from './notifier.js';
import type { WakeUps } from './wake-ups.js';

/** Pauses between attempts to connect again: quick at first, never long enough to matter beside the poll. */
const RETRY_MS = [100, 300, 1000, 3000] as const;

export interface ListenerOptions {
  readonly url: string;
  /** Messages of this sender are its own: it knows already. */
  readonly sender: string;
  readonly wakeUps: WakeUps;
  readonly log: Logger;
}

/** The one connection of this process on which it hears what others wrote. Starts when first needed. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  start(): void {
    if (!this.#stop.signal.aborted) this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { wakeUps, log } = this.#options;
    for (let failures = 0; !this.#stop.signal.aborted;) {
      try {
        await this.#listen(() => {
          failures = 0;
          // Whatever was said while nobody listened is lost.
          wakeUps.wakeAll();
        });
      } catch (err) {
        log.warn('the database connection for news broke; polling until it is back', { err });
      }
      await pause(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]!, this.#stop.signal);
    }
  }

  /** Listens until the connection ends or `close` is called. */
  async #listen(ready: () => void): Promise<void> {
    const { url, sender, wakeUps } = this.#options;
    const { signal } = this.#stop;
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      application_name: 'praxis-feed',
    });
    let onAbort = (): void => undefined;
    const ended = new Promise<void>((resolve, reject) => {
      client.once('error', reject);
      client.once('end', resolve);
      onAbort = () => resolve();
      signal.addEventListener('abort', onAbort, { once: true });
    });
    ended.catch(() => {});
    client.on('notification', ({ payload }) => {
      const message = parseMessage(payload ?? '');
      if (message.sender !== sender) wakeUps.wake(message.runs);
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      ready();
      await ended;
    } finally {
      // The signal lives as long as the process, and an outage takes many attempts.
      signal.removeEventListener('abort', onAbort);
      client.on('error', () => {});
      await client.end().catch(() => {});
    }
  }
}
