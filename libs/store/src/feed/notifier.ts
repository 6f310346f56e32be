import type { Logger } from '@praxis/core';
import type { Database } from '../database.js';

/** The channel on which processes tell each other which runs have new events. */
export const CHANNEL = 'praxis_events';

/**
 * Commits with a NOTIFY queue up behind a lock of the whole server, so there are at most forty a second per process.
 */
const QUIET_MS = 25;

/** Postgres takes payloads below 8000 bytes. */
const MAX_PAYLOAD = 7900;

/** A message: who sent it, then the ids of runs. */
export interface Message {
  readonly sender: string;
  readonly runs: readonly string[];
}

/** Reads a message. */
export function parseMessage(payload: string): Message {
  const [sender = '', ...runs] = payload.split(' ');
  return { sender, runs };
}

/** Writes as few messages as will hold the runs. */
export function formatMessages(sender: string, runs: Iterable<string>): readonly string[] {
  const messages: string[] = [];
  let message = sender;
  for (const run of runs) {
    if (Buffer.byteLength(message) + 1 + Buffer.byteLength(run) > MAX_PAYLOAD) {
      messages.push(message);
      message = sender;
    }
    message += ` ${run}`;
  }
  return message === sender ? messages : [...messages, message];
}

/**
 * Tells other processes what was written, after the commit and not too often. A lost message costs only a poll's delay.
 */
export class Notifier {
  readonly #database: Database;
  readonly #sender: string;
  readonly #log: Logger;
  #runs = new Set<string>();
  #sending: Promise<void> | null = null;

  constructor(database: Database, sender: string, log: Logger) {
    this.#database = database;
    this.#sender = sender;
    this.#log = log;
  }

  changed(runs: Iterable<string>): void {
    for (const run of runs) this.#runs.add(run);
    this.#sending ??= this.#send();
  }

  /** Waits until all is told. */
  async settle(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    while (this.#runs.size > 0) {
      const runs = this.#runs;
      this.#runs = new Set();
      try {
        for (const message of formatMessages(this.#sender, runs))
          await this.#database.query('select pg_notify($1, $2)', [CHANNEL, message]);
      } catch (err) {
        this.#log.debug('other processes could not be told of new events', { err });
      }
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
    this.#sending = null;
  }
}
