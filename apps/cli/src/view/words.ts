/** `1 step`, `2 steps`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** A length of time for people: `0.4 s`, `12 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A length of time without loss, as it is typed: `90s`, `1h`, `36h`. */
export function interval(milliseconds: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
    ['ms', 1],
  ] as const;
  const [unit, size] = units.find(([, n]) => milliseconds % n === 0)!;
  return `${milliseconds / size}${unit}`;
}

/** A moment in local time, to the second: `2026-11-21 14:03:59`. */
export function moment(at: number): string {
  if (Number.isNaN(new Date(at).getTime())) return 'beyond the calendar';
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ');
}

/** A size for people: `512 B`, `1.5 MB`. */
export function bytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let [value, unit] = [n, 0];
  for (; value >= 1_024 && unit < units.length - 1; unit++) value /= 1_024;
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** What models and nodes say is not ours: no control character of it reaches a terminal. */
export function visible(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
