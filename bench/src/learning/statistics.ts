import { keyedRandom } from '@praxis/core';

/** A mean with the interval in which 95 of 100 resamplings lie. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 5_000;

/** Percentile bootstrap of a statistic over paired observations (one row per seed), with a fixed seed. */
export function bootstrap<T>(rows: readonly T[], statistic: (rows: readonly T[]) => number): Estimate {
  const values: number[] = [];
  for (let r = 0; r < RESAMPLES; r++) {
    const sample = rows.map((_, i) => rows[Math.floor(keyedRandom('bootstrap', r, i) * rows.length)]!);
    const value = statistic(sample);
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? NaN;
  return { mean: statistic(rows), low: at(0.025), high: at(0.975) };
}

/** `0.62 [0.55, 0.68]` */
export function show({ mean, low, high }: Estimate, digits = 2): string {
  return `${mean.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}
