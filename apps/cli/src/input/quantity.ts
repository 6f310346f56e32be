import { COST_NAMES, NO_COST, PraxisError, type Cost } from '@praxis/core';

const DURATIONS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const SIZES: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1_024,
  MB: 1_048_576,
  GB: 1_073_741_824,
  TB: 1_099_511_627_776,
};

/** Longest length of time, a thousand years, and the end of the year 9999: what dates and timers hold. */
const LONGEST_MS = 31_557_600_000_000;
const LATEST = 253_402_300_799_999;

/** Reads a length of time as people write it (`90s`, `10m`, `1.5h`, `2d`), in whole milliseconds. */
export function parseDuration(text: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|min|h|d|w)$/.exec(text.trim());
  const value = found ? Math.round(Number(found[1]) * DURATIONS[found[2]!]!) : 0;
  if (value < 1 || !Number.isSafeInteger(value))
    throw new PraxisError(
      'invalid',
      `"${text}" is no length of time; write a number and ms, s, m, h, d or w, such as 90s, 10m or 2d.`,
    );
  if (value > LONGEST_MS)
    throw new PraxisError('invalid', `"${text}" is longer than a thousand years; choose a shorter time.`);
  return value;
}

/** Reads a size as people write it (`500MB`, `2GB`), in bytes. */
export function parseSize(text: string): number {
  const found = /^(\d+(?:\.\d+)?)([KMGT]?B)$/.exec(text.trim().toUpperCase());
  const value = found ? Math.round(Number(found[1]) * SIZES[found[2]!]!) : 0;
  if (value < 1 || !Number.isSafeInteger(value))
    throw new PraxisError('invalid', `"${text}" is no size; write a number and B, KB, MB, GB or TB, such as 500MB.`);
  return value;
}

/**
 * Reads a moment: `2026-12-24T18:00` (local time, unless it says otherwise) or `in 2h`, in milliseconds since
 * 1970-01-01 UTC.
 */
export function parseMoment(text: string, now: number): number {
  const after = /^in\s+(.+)$/.exec(text.trim())?.[1];
  if (after !== undefined) return beforeTheEnd(now + parseDuration(after), text);
  // A date alone would be midnight of another time zone.
  const at = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text.trim())
    ? Date.parse(text.trim().replace(' ', 'T'))
    : Number.NaN;
  if (Number.isNaN(at))
    throw new PraxisError(
      'invalid',
      `"${text}" is no moment; write one such as 2026-12-24T18:00, 2026-12-24T18:00Z or "in 2h".`,
    );
  return beforeTheEnd(at, text);
}

function beforeTheEnd(at: number, text: string): number {
  if (at > LATEST) throw new PraxisError('invalid', `"${text}" is beyond the year 9999; choose an earlier time.`);
  return at;
}

/** Reads amounts of a budget: `steps=100,money=2`. */
export function parseAmounts(text: string): Cost {
  const amounts = text.split(',').map((part): readonly [string, number] => {
    const [, name, value] = /^\s*([a-z]+)=(\d+(?:\.\d+)?)\s*$/.exec(part) ?? [];
    const isKnown = name !== undefined && (COST_NAMES as readonly string[]).includes(name);
    const isWhole = name === 'money' || name === 'risk' || Number.isSafeInteger(Number(value));
    if (!isKnown || !isWhole)
      throw new PraxisError(
        'invalid',
        `"${part}" is no amount; write ${COST_NAMES.join(', ')} with a number each, such as steps=100,money=2.`,
      );
    return [name, Number(value)];
  });
  return { ...NO_COST, ...Object.fromEntries(amounts) };
}
