import { machineFacts } from '../section.js';
import type { Limits, Measurement } from './measure.js';

/** The results as a table by domain, with totals. */
export function reportPlanning(rows: readonly Measurement[], { evaluated: budgets, seconds }: Limits): string {
  const domains = [...new Set(rows.map((r) => r.domain))];
  const lines = domains.map((d) =>
    line(
      d,
      rows.filter((r) => r.domain === d),
    ),
  );
  const largest = [...rows].sort((a, b) => b.operators - a.operators).slice(0, 5);
  return [
    '## Planning',
    '',
    `Greedy search with FF and landmarks, preferred operators, and a shortened plan; at most ${budgets.join(', then ')} evaluated states, ${seconds} s and 1 GB per instance, two searches at a time; every plan checked by the independent checker. ${machineFacts()}. Length is steps against the reference plan (median of the ratios).`,
    '',
    '| domain | solved | length | expanded | evaluated | evaluated/s | seconds |',
    '|---|---|---|---|---|---|---|',
    ...lines,
    line('**all**', rows),
    '',
    ...largest.map(
      (r) =>
        `- ${r.name}: ${r.operators} ground actions, ${r.evaluated} evaluated, ${rate([r])}/s, ${r.seconds.toFixed(1)} s`,
    ),
    ...rows
      .filter((r) => r.outcome !== 'solved')
      .map((r) => `- not solved: ${r.name} (${r.outcome}${r.note === '' ? '' : `: ${r.note}`})`),
  ].join('\n');
}

/** Median of plan length over reference length; null where no reference is known. */
export function medianRatio(rows: readonly Measurement[]): number | null {
  const ratios = rows
    .flatMap((r) => (r.steps !== null && r.referenceSteps ? [r.steps / r.referenceSteps] : []))
    .sort((a, b) => a - b);
  if (ratios.length === 0) return null;
  const middle = ratios.length >> 1;
  return ratios.length % 2 === 1 ? ratios[middle]! : (ratios[middle - 1]! + ratios[middle]!) / 2;
}

function line(name: string, rows: readonly Measurement[]): string {
  const sum = (pick: (r: Measurement) => number): number => rows.reduce((n, r) => n + pick(r), 0);
  const ratio = medianRatio(rows);
  const solved = rows.filter((r) => r.outcome === 'solved').length;
  return `| ${name} | ${solved}/${rows.length} | ${ratio === null ? '' : ratio.toFixed(2)} | ${sum((r) => r.expanded)} | ${sum((r) => r.evaluated)} | ${rate(rows)} | ${sum((r) => r.seconds).toFixed(1)} |`;
}

function rate(rows: readonly Measurement[]): number {
  const seconds = rows.reduce((n, r) => n + r.seconds, 0);
  return Math.round(rows.reduce((n, r) => n + r.evaluated, 0) / Math.max(0.001, seconds));
}
