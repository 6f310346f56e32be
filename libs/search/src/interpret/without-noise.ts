/** A sum of decimal fractions as a person would write it: 0.3 for 0.1 + 0.2. Whole numbers stay as they are. */
export function withoutNoise(value: number): number {
  return Number.isInteger(value) ? value + 0 : Number(value.toPrecision(12));
}
