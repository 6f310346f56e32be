import { jest } from '@jest/globals';
import { listen, type LiveState } from './live.js';

type Listener = (message: { readonly data: string }) => void;

/** Stands in for the browser's: tells what it is told to. */
class Source {
  static all: Source[] = [];
  isClosed = false;
  readonly #listeners = new Map<string, Listener>();

  constructor(readonly path: string) {
    Source.all.push(this);
  }
  addEventListener(name: string, listener: Listener): void {
    // What listens to a name twice is called twice.
    const before = this.#listeners.get(name);
    this.#listeners.set(name, (message) => (before?.(message), listener(message)));
  }
  close(): void {
    this.isClosed = true;
  }
  tell(name: string, data: unknown = null): void {
    this.#listeners.get(name)?.({ data: JSON.stringify(data) });
  }
}

const last = (): Source => Source.all.at(-1)!;
const page = { visibilityState: 'visible', onChange: () => undefined as void };
let asked: string[];
let states: LiveState[];
let stop: () => void;

beforeEach(() => {
  jest.useFakeTimers();
  Source.all = [];
  [asked, states] = [[], []];
  page.visibilityState = 'visible';
  Object.assign(globalThis, {
    EventSource: Source,
    document: {
      get visibilityState() {
        return page.visibilityState;
      },
      addEventListener: (_: string, listener: () => void) => (page.onChange = listener),
      removeEventListener: () => undefined,
    },
  });
  jest.spyOn(globalThis, 'fetch').mockImplementation((path) => {
    asked.push(String(path));
    return Promise.reject(new Error('away'));
  });
  stop = listen('/api/news', { on: { told: () => undefined }, last: 'end', onState: (state) => states.push(state) });
});
afterEach(() => {
  stop();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

/** How long after a break the next connection is made. */
function pause(): number {
  const { length } = Source.all;
  last().tell('error');
  for (let waited = 0; ; waited += 100) {
    if (Source.all.length > length) return waited;
    jest.advanceTimersByTime(100);
  }
}

describe('listen', () => {
  it('waits longer after each break, up to 15 s, and anew after a message (live.1)', () => {
    expect(Array.from({ length: 7 }, pause)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    last().tell('told');
    expect(pause()).toBe(500);
  });

  it('holds no connection while its page is in the background (live.2)', () => {
    page.visibilityState = 'hidden';
    page.onChange();
    jest.advanceTimersByTime(60_000);
    expect([Source.all.length, last().isClosed, states.at(-1)]).toEqual([1, true, 'asleep']);
    page.visibilityState = 'visible';
    page.onChange();
    expect([Source.all.length, last().isClosed]).toEqual([2, false]);
  });

  it('asks for the session when a connection fails (live.3)', () => {
    expect(asked).toEqual([]);
    last().tell('error');
    expect(asked).toEqual(['/api/session']);
  });

  it('never connects again after the last event (live.4)', () => {
    last().tell('end');
    last().tell('error');
    page.onChange();
    jest.advanceTimersByTime(60_000);
    expect([Source.all.length, last().isClosed, states.at(-1)]).toEqual([1, true, 'ended']);
  });
});
