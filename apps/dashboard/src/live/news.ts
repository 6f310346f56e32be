import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError, type Logger, type RunSummary } from '@praxis/core';
import type { Overview } from '@praxis/wire';
import type { NewsState } from '../api.js';
import type { Pace, Seen } from '../parts.js';
import type { EventStream } from './event-stream.js';
import type { Overviews } from './overviews.js';

/** What the news are made from. */
export interface NewsParts {
  readonly planner: Pick<Seen, 'watchRuns' | 'list'>;
  readonly overviews: Overviews;
  readonly pace: Pick<Pace, 'batchMs' | 'overviewMs' | 'pauseMs'>;
  readonly log: Logger;
}

/** A browser for which more runs wait than this has to list them anyway: it is let go and comes back. */
const MOST_WAITING = 2_000;

/** So many of the newest runs are told once after the stream of changes stands. */
const LISTED = 50;

/**
 * One feed for all browsers.
 *
 * news.1 While anybody listens, there is one stream of changed runs and one overview asked for at a time; else none.
 * news.2 What waits for a slow browser is one summary per run, one overview and one state: the last.
 * news.3 A planner that is away is asked again after growing pauses; everybody is told when it goes and when it is
 *        back.
 * news.4 A change that falls into the gap before the stream stands is told too: the newest runs are listed after it.
 */
export class News {
  readonly #inboxes = new Set<Inbox>();
  #overview: Overview | null = null;
  #state: NewsState['planner'] | null = null;
  #following: AbortController | null = null;
  /** Runs that were told while a list was asked for, which may be older; null while none is. */
  #told: Set<string> | null = null;

  constructor(private readonly parts: NewsParts) {}

  /** Tells one browser everything, until it goes. */
  async tell(stream: EventStream): Promise<void> {
    const inbox = new Inbox();
    if (this.#state !== null) inbox.put({ state: { planner: this.#state } });
    if (this.#overview !== null && this.#state === 'here') inbox.put({ overview: this.#overview });
    this.#inboxes.add(inbox);
    this.#following ??= this.follow();
    stream.signal.addEventListener('abort', () => inbox.wake(), { once: true });
    stream.open();
    try {
      while (!stream.signal.aborted) {
        await inbox.filled();
        await sleep(this.parts.pace.batchMs, null, { signal: stream.signal }).catch(() => undefined);
        if (inbox.isOverfull) break;
        for (const [name, json] of inbox.take()) await stream.send(name, json);
      }
    } finally {
      this.#inboxes.delete(inbox);
      if (this.#inboxes.size === 0) this.rest();
    }
    stream.end();
  }

  private follow(): AbortController {
    const stopping = new AbortController();
    void this.poll(stopping.signal);
    void this.watch(stopping.signal);
    return stopping;
  }

  private rest(): void {
    this.#following?.abort();
    this.#following = null;
    this.#state = null;
  }

  private async poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look(signal);
      await sleep(this.parts.pace.overviewMs, null, { signal }).catch(() => undefined);
    }
  }

  private async look(signal: AbortSignal): Promise<void> {
    try {
      const overview = await this.parts.overviews.ask();
      if (signal.aborted) return;
      this.stand('here');
      this.#overview = overview;
      for (const inbox of this.#inboxes) inbox.put({ overview });
    } catch (thrown) {
      if (signal.aborted) return;
      if (this.#state !== 'away')
        this.parts.log.warn('the planner is away; the dashboard keeps asking', { err: PraxisError.from(thrown) });
      this.stand('away');
    }
  }

  private stand(planner: NewsState['planner']): void {
    if (this.#state === planner) return;
    this.#state = planner;
    for (const inbox of this.#inboxes) inbox.put({ state: { planner } });
  }

  private tellRun(run: RunSummary): void {
    this.stand('here');
    for (const inbox of this.#inboxes) inbox.put({ run });
  }

  private async watch(signal: AbortSignal): Promise<void> {
    const { planner, pace, log } = this.parts;
    for (let failures = 0; !signal.aborted; failures++) {
      const since = performance.now();
      const broken = new AbortController();
      void this.list(AbortSignal.any([signal, broken.signal]));
      try {
        for await (const run of planner.watchRuns(signal)) {
          this.#told?.add(run.id);
          this.tellRun(run);
        }
      } catch (thrown) {
        log.debug('the stream of changed runs broke; it is opened again', { err: PraxisError.from(thrown) });
      }
      broken.abort();
      if (performance.now() - since > 10 * pace.pauseMs) failures = 0;
      await sleep(pace.pauseMs * Math.min(10, 2 ** failures), null, { signal }).catch(() => undefined);
    }
  }

  private async list(signal: AbortSignal): Promise<void> {
    const { planner, pace, log } = this.parts;
    const told = new Set<string>();
    try {
      await sleep(2 * pace.pauseMs, null, { signal });
      this.#told = told;
      const { runs } = await planner.list(
        { status: null, world: null, space: null, text: null },
        { size: LISTED, token: null },
        signal,
      );
      for (const run of runs) if (!told.has(run.id)) this.tellRun(run);
    } catch (thrown) {
      if (!signal.aborted) log.debug('the newest runs were not told', { err: PraxisError.from(thrown) });
    } finally {
      if (this.#told === told) this.#told = null;
    }
  }
}

/** What waits for one browser. */
class Inbox {
  readonly #runs = new Map<string, RunSummary>();
  #overview: Overview | null = null;
  #state: NewsState | null = null;
  #wake: () => void = () => undefined;
  #filled = new Promise<void>((resolve) => (this.#wake = resolve));

  get isOverfull(): boolean {
    return this.#runs.size > MOST_WAITING;
  }

  put({
    run,
    overview,
    state,
  }: {
    readonly run?: RunSummary;
    readonly overview?: Overview;
    readonly state?: NewsState;
  }): void {
    // A browser this far behind is let go; until then nothing more is kept for it.
    if (run && !this.isOverfull) this.#runs.set(run.id, run);
    if (overview) this.#overview = overview;
    if (state) this.#state = state;
    this.#wake();
  }

  wake(): void {
    this.#wake();
  }

  /** Resolves when something waits. */
  filled(): Promise<void> {
    return this.#filled;
  }

  /** Takes everything out, as the names and the data of events. */
  take(): readonly (readonly [string, string])[] {
    const taken: (readonly [string, string])[] = [];
    if (this.#state) taken.push(['state', JSON.stringify(this.#state)]);
    if (this.#runs.size > 0) taken.push(['runs', JSON.stringify([...this.#runs.values()])]);
    if (this.#overview) taken.push(['overview', JSON.stringify(this.#overview)]);
    this.#runs.clear();
    this.#overview = this.#state = null;
    this.#filled = new Promise<void>((resolve) => (this.#wake = resolve));
    return taken;
  }
}
