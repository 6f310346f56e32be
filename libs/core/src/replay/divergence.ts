/** What was expected, and what was found instead; each in words. */
export interface Mismatch {
  readonly expected: string;
  readonly found: string;
}

/** Where a replay found something else than was recorded. */
export interface Divergence extends Mismatch {
  readonly stream: string;
  /** Position of the event in its stream; one past the last where something is missing. */
  readonly position: number;
}

/** One line for people. */
export function divergenceText({ stream, position, expected, found }: Divergence): string {
  return `diverged at ${stream}#${position}: expected ${expected}; found ${found}`;
}

/** The first place at which two values differ; null where they are equal as JSON. `what` names the whole. */
export function mismatch(what: string, expected: unknown, found: unknown): Mismatch | null {
  const place = firstDifference(expected, found, what);
  return place && { expected: `${place.path} ${short(place.expected)}`, found: short(place.found) };
}

interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** An absent field and an undefined one are the same, as they are in JSON. */
function firstDifference(a: unknown, b: unknown, path: string): Difference | null {
  if (a === b) return null;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return { path, expected: a, found: b };
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = firstDifference(left[key], right[key], Array.isArray(a) ? `${path}[${key}]` : `${path}.${key}`);
    if (found) return found;
  }
  return null;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A line is read by people; the whole value stands in the history. */
const LONGEST = 160;

function short(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
