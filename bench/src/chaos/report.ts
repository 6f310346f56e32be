import { LAWS } from './checker/check-history.js';
import type { ChaosResult } from './chaos-run.js';
import type { BlowKind } from './draw-fault.js';

const LOST = new Set(['every acknowledged goal ends', 'no acknowledged step is lost']);

/** What a whole session came to, for people. */
export function report(
  results: readonly ChaosResult[],
  about: { readonly seed: string; readonly backend: string; readonly restarts: number; readonly took: string },
): string {
  const kinds = [...new Set(results.map((r) => r.fault.blow.kind))].sort();
  const rows = kinds.map((kind) =>
    kindRow(
      kind,
      results.filter((r) => r.fault.blow.kind === kind),
    ),
  );
  const broken = results.flatMap((r) => r.violations.map((v) => v.law));
  const laws = LAWS.map(
    ({ name }) => `  ${String(broken.filter((law) => law === name).length).padStart(4)} broken  ${name}`,
  );
  const lost = results.filter((r) => r.violations.some((v) => LOST.has(v.law))).length;
  const doubled = results.filter((r) => r.violations.some((v) => /twice/.test(v.law))).length;
  const others = results.filter((r) => r.violations.length > 0).length;
  return [
    '',
    `${'fault'.padEnd(12)}${'runs'.padStart(6)}${'struck'.padStart(8)}${'words'.padStart(7)}   resumed ms p50/p99/max      ended ms p50/p99/max`,
    ...rows,
    '',
    `laws, checked in each of ${String(results.length)} runs:`,
    ...laws,
    '',
    `queues on ${about.backend}, ${String(about.restarts)} processes restarted, ${about.took}, seed ${about.seed}`,
    `${String(results.length)} runs, ${String(lost)} lost, ${String(doubled)} doubled${others > 0 ? `, ${String(others)} in violation` : ''}`,
  ].join('\n');
}

function kindRow(kind: BlowKind, results: readonly ChaosResult[]): string {
  const struck = results.filter((r) => r.wasStruck);
  const words = results.reduce((sum, r) => sum + r.history.words.length, 0);
  return `${kind.padEnd(12)}${String(results.length).padStart(6)}${String(struck.length).padStart(8)}${String(words).padStart(7)}   ${quantiles(struck.flatMap((r) => r.resumedMs ?? [])).padEnd(26)}  ${quantiles(struck.flatMap((r) => r.endedMs ?? []))}`;
}

/** Median, 99th percentile and greatest, or a dash. */
export function quantiles(values: readonly number[]): string {
  if (values.length === 0) return '-';
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string => String(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  return `${at(0.5)} / ${at(0.99)} / ${String(sorted.at(-1))}`;
}
