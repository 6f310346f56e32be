import { createStore } from './store.js';

export type Theme = 'auto' | 'light' | 'dark';

const KEY = 'praxis.theme';
const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

function remembered(): Theme {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'auto';
}

/** What the user chose; `auto` follows the system. */
export const themeStore = createStore<Theme>(remembered());

/** Shows the theme that was chosen, from the first paint on. */
export function applyTheme(theme: Theme = themeStore.get()): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Auto, light, dark, and round again; remembered in this browser. */
export function nextTheme(): void {
  const theme = NEXT[themeStore.get()];
  localStorage.setItem(KEY, theme);
  themeStore.set(theme);
  applyTheme(theme);
}
