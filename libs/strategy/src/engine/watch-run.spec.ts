import {
  UNBOUNDED,
  runEvents,
  runStream,
  type EventFeed,
  type Logger,
  type RunEvent,
  type StoredEvent,
} from '@praxis/core';
import { watchRun } from './watch-run.js';

/** A feed that tells what the spec gives it, and remembers whether it was let go. */
class ScriptedFeed implements EventFeed {
  ended = false;
  from: readonly [string, number] | null = null;
  #queue: (StoredEvent | Error)[] = [];
  #wake: () => void = () => undefined;

  tell(event: StoredEvent | Error): void {
    this.#queue.push(event);
    this.#wake();
  }

  follow(): AsyncIterable<StoredEvent> {
    throw new Error('what happens in other streams does not matter');
  }

  async *followStream(stream: string, from: number, signal: AbortSignal): AsyncIterable<StoredEvent> {
    this.from = [stream, from];
    signal.addEventListener('abort', () => this.#wake());
    try {
      while (!signal.aborted) {
        const next = this.#queue.shift();
        if (next instanceof Error) throw next;
        if (next) yield next;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.ended = true;
    }
  }
}

const stored = (event: RunEvent): StoredEvent => ({
  ...runEvents.encode(event),
  stream: runStream('r-1'),
  position: 0,
  at: 0,
});
const cancelling: RunEvent = { type: 'cancelling', reason: 'the user said so', outcome: 'cancelled' };
const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

function watch() {
  const feed = new ScriptedFeed();
  const stopping = new AbortController();
  const warnings: string[] = [];
  const log: Logger = {
    error() {},
    warn: (message) => void warnings.push(message),
    info() {},
    debug() {},
    child: () => log,
  };
  return { feed, stopping, warnings, watched: watchRun({ run: 'r-1', from: 3, feed, log, stopping: stopping.signal }) };
}

describe('watchRun', () => {
  it("fires with the user's reason when the run is cancelled", async () => {
    const { feed, watched } = watch();
    feed.tell(stored({ type: 'dispatched', node: '1.1', attempt: 1, allowance: UNBOUNDED }));
    await settled();
    expect(watched.signal.aborted).toBe(false);
    feed.tell(stored(cancelling));
    await settled();
    expect(watched.signal.reason).toMatchObject({ code: 'cancelled', message: 'the user said so' });
    expect(watched.hold.aborted).toBe(false);
    watched.stop();
  });

  it.each<[string, RunEvent]>([
    ['paused', { type: 'paused', by: 'ann', reason: 'lunch' }],
    ['out of time', { type: 'overtime', wallMs: 5 }],
  ])('holds the work when the run is %s, and does not cancel it', async (_what, event) => {
    const { feed, watched } = watch();
    feed.tell(stored(event));
    await settled();
    expect(watched.hold.reason).toMatchObject({ code: 'unavailable' });
    expect(watched.signal.aborted).toBe(false);
    watched.stop();
  });

  it('can still cancel what it holds', async () => {
    const { feed, watched } = watch();
    feed.tell(stored({ type: 'paused', by: 'ann', reason: '' }));
    feed.tell(stored(cancelling));
    await settled();
    expect(watched.hold.aborted).toBe(true);
    expect(watched.signal.reason).toMatchObject({ code: 'cancelled' });
    watched.stop();
  });

  it('follows from where the run was read, so that an earlier pause holds nothing now', async () => {
    const { feed, watched } = watch();
    await settled();
    expect(feed.from).toEqual([runStream('r-1'), 3]);
    watched.stop();
  });

  it('passes a stop of the process on with its own reason, and lets the feed go', async () => {
    const { feed, stopping, watched } = watch();
    stopping.abort(new Error('shutting down'));
    await settled();
    expect(watched.signal.reason).toMatchObject({ message: 'shutting down' });
    expect(feed.ended).toBe(true);
  });

  it('lets the feed go when the subgoal is over, without firing', async () => {
    const { feed, watched, warnings } = watch();
    watched.stop();
    await settled();
    expect(feed.ended).toBe(true);
    expect(watched.signal.aborted).toBe(false);
    expect(warnings).toEqual([]);
  });

  it('says so where it cannot follow the run, and leaves the work alone', async () => {
    const { feed, watched, warnings } = watch();
    feed.tell(new Error('the database went away'));
    await settled();
    expect(warnings).toHaveLength(1);
    expect(watched.signal.aborted).toBe(false);
  });
});
