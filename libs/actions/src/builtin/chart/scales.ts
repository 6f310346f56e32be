/** The ticks of an axis: round numbers that cover a range, about `count` of them. */
export function niceTicks(low: number, high: number, count: number): readonly number[] {
  // What differs only in digits that a double hardly has would get ticks that are equal.
  const isPoint = high - low <= Math.max(Math.abs(low), Math.abs(high)) * 1e-9;
  const [from, to] = isPoint ? widened(low) : [low, high];
  // Halves first, so that the difference of two huge numbers is finite.
  const raw = (to / 2 - from / 2) * (2 / count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999_999)! * power;
  const [first, last] = [Math.floor(from / step + 1e-9), Math.ceil(to / step - 1e-9)];
  // Multiplied and rounded, never summed: 0.1 + 0.2 is no label.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const widened = (value: number): readonly [number, number] =>
  value === 0 ? [0, 1] : [value - Math.abs(value) / 2, value + Math.abs(value) / 2];

/** A number as a label: grouped thousands, no rounding noise, powers of ten where it is very long. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e9 || size < 1e-4))
    return value
      .toExponential(2)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  const [whole, part] = String(Number(value.toPrecision(10))).split('.') as [string, string?];
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${part === undefined ? '' : `.${part}`}`;
}

/** Text that stands in an SVG file: escaped, and without what XML cannot hold. */
export const svgText = (text: string): string =>
  text
    .replace(/[^\P{Cc}\t\n]|[\uFFFE\uFFFF]|\p{Surrogate}/gu, '')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A text cut for a label. */
export function labelText(text: string, length: number): string {
  const signs = [...text.replace(/\s+/g, ' ').trim()];
  return signs.length <= length ? signs.join('') : `${signs.slice(0, length - 1).join('')}…`;
}
