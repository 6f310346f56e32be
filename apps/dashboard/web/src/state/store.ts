import { useSyncExternalStore } from 'react';

/** A value that changes and tells who listens; the only kind of state that lives outside of components. */
export interface Store<T> {
  readonly get: () => T;
  readonly set: (next: T) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Makes a store. `begin` runs when the first listener comes; what it returns runs when the last one has gone. */
export function createStore<T>(initial: T, begin?: (store: Store<T>) => () => void): Store<T> {
  let value = initial;
  let end: (() => void) | undefined;
  const listeners = new Set<() => void>();
  const store: Store<T> = {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      if (listeners.size === 1) end = begin?.(store);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) {
          end?.();
          end = undefined;
        }
      };
    },
  };
  return store;
}

/** The store's value, in a component. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
