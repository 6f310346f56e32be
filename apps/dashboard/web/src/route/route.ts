import { useSyncExternalStore } from 'react';

/** Where the user is. */
export type Route =
  | { readonly page: 'runs' }
  | { readonly page: 'run'; readonly id: string }
  | { readonly page: 'questions' }
  | { readonly page: 'tools' }
  | { readonly page: 'tool'; readonly id: string }
  | { readonly page: 'cluster' }
  | { readonly page: 'nowhere' };

const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of [...listeners]) listener();
};
const subscribe = (listener: () => void): (() => void) => {
  if (listeners.size === 0) window.addEventListener('popstate', tell);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('popstate', tell);
  };
};
const address = (): string => location.pathname + location.search;

/** Reads a path. */
export function parseRoute(path: string): Route {
  const [first = '', second = '', ...more] = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  if (more.length > 0) return { page: 'nowhere' };
  if (first === '') return { page: 'runs' };
  if (first === 'runs') return second === '' ? { page: 'runs' } : { page: 'run', id: second };
  if (first === 'tools') return second === '' ? { page: 'tools' } : { page: 'tool', id: second };
  if (second !== '') return { page: 'nowhere' };
  return first === 'cluster' || first === 'questions' ? { page: first } : { page: 'nowhere' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Goes to a page of ours; `replace` where going back should skip what is here now. */
export function go(to: string, replace = false): void {
  if (to === address()) return;
  if (replace) history.replaceState(null, '', to);
  else {
    history.pushState(null, '', to);
    window.scrollTo(0, 0);
  }
  tell();
}

/** The path and the query as they now are. */
export function useAddress(): URL {
  return new URL(useSyncExternalStore(subscribe, address), location.origin);
}
