import { askSession } from './client.js';

/** `asleep`: the page is in the background, where it holds no connection. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'asleep' | 'ended';

/** What a stream tells. */
export interface Listening {
  /** By the name of the server-sent event; the data is parsed already. */
  readonly on: Readonly<Record<string, (data: unknown) => void>>;
  /** Name of the event after which nothing follows. */
  readonly last?: string;
  /** A connection stands; what comes now may begin anew. */
  readonly onOpen?: () => void;
  readonly onState: (state: LiveState) => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Server-sent events that come back by themselves.
 *
 * live.1 After a break it waits 0.5 s, 1 s, 2 s … 15 s; one message resets the wait.
 * live.2 A page in the background holds no connection: a browser allows six per host, over all its tabs.
 * live.3 A refused connection asks whether we are still signed in, because an EventSource cannot see a 401.
 * live.4 After the last event it never connects again.
 */
export function listen(path: string, listening: Listening): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;
  let isOver = false;

  const drop = (): void => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const connect = (): void => {
    drop();
    const current = new EventSource(path);
    source = current;
    current.addEventListener('open', () => {
      listening.onState('live');
      listening.onOpen?.();
    });
    current.addEventListener('error', () => {
      if (source !== current) return;
      drop();
      listening.onState('reconnecting');
      // Where nobody is signed in any more, the client tells the session; any other failure shows in the state.
      void askSession().catch(() => undefined);
      timer = setTimeout(connect, wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    });
    for (const [name, tell] of Object.entries(listening.on)) {
      current.addEventListener(name, (message: MessageEvent<string>) => {
        wait = FIRST_WAIT_MS;
        tell(JSON.parse(message.data));
      });
    }
    if (listening.last !== undefined) current.addEventListener(listening.last, () => finish());
  };
  const finish = (): void => {
    isOver = true;
    drop();
    listening.onState('ended');
  };
  const look = (): void => {
    if (isOver) return;
    if (document.visibilityState === 'visible') {
      if (source === null) connect();
      return;
    }
    drop();
    listening.onState('asleep');
  };

  listening.onState('connecting');
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    isOver = true;
    document.removeEventListener('visibilitychange', look);
    drop();
  };
}
