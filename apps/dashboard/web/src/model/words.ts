const whole = new Intl.NumberFormat('en');
const precise = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });

/** `12,340`. */
export const number = (n: number): string => whole.format(n);

/** `1 step`, `2 steps`. */
export const count = (n: number, noun: string, plural = `${noun}s`): string =>
  `${number(n)} ${n === 1 ? noun : plural}`;

/** A length of time: `38 ms`, `4.9 s`, `2 min 05 s`, `3 h 12 min`. */
export function duration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, '0')} min` : `${Math.floor(hours / 24)} days`;
}

/** Where in a run something happened: `+0.31 s`, `+2:05`. */
export function offset(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 60_000) return `+${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return `+${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return `+${Math.floor(seconds / 3600)}:${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `just now`, `12 sec. ago`, `3 min. ago`, `2 days ago`. */
export function ago(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return relative.format(-seconds, 'second');
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  return relative.format(-Math.floor(seconds / 86_400), 'day');
}

/** A moment in local time, exactly. */
export const moment = (at: number): string => precise.format(at);

/** The time of day, to the second. */
export const timeOfDay = (at: number): string => clockTime.format(at);

/** The size of a text: `812 B`, `1.0 MB`. */
export function size(characters: number): string {
  if (characters < 1_000) return `${characters} B`;
  if (characters < 1_000_000) return `${Math.round(characters / 1_000)} kB`;
  return `${(characters / 1_000_000).toFixed(1)} MB`;
}

/** An e-value in few digits. */
export const eValue = (value: number): string => (value >= 100 ? number(Math.round(value)) : value.toFixed(1));
