import { useSyncExternalStore } from 'react';
import { createStore } from './store.js';

const TICK_MS = 1_000;

const clock = createStore(Date.now(), (store) => {
  store.set(Date.now());
  const timer = setInterval(() => store.set(Date.now()), TICK_MS);
  return () => clearInterval(timer);
});

const stopped = (): (() => void) => () => undefined;

/** The time, told once a second while it matters; a row that is finished does not tick. */
export function useNow(ticks = true): number {
  return useSyncExternalStore(ticks ? clock.subscribe : stopped, clock.get);
}
