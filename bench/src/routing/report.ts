import { type Comparison, type Row, shortfalls } from './compare.js';
import { NODE, NODES, TIMEOUT_MS } from './simulate.js';

const HEAD = [
  '| situation | load | policy | TTFT p50 ms | TTFT p99 ms | cache hits | goodput/s | late | lost |',
  '|---|---|---|---|---|---|---|---|---|',
];

/** A row of the table. */
export function rowLine({ situation, load, policy, figures: f }: Row): string {
  return `| ${situation} | ${Math.round(load * 100)} % | ${policy} | ${f.firstP50.toFixed(0)} | ${f.firstP99.toFixed(0)} | ${f.hitRate.toFixed(3)} | ${f.goodput.toFixed(2)} | ${f.late} | ${f.lost} |`;
}

/** The line that a comparison ends with. */
export function verdict(comparison: Comparison): string {
  const missing = shortfalls(comparison);
  return missing.length === 0
    ? 'verdict: ours is the best or within 2 % of the best everywhere, and no call was lost'
    : `verdict: ours falls short in ${missing.length} figures`;
}

/** The section of the page of results. */
export function routingSection(comparison: Comparison): string {
  const { capacity, scale, rows } = comparison;
  return [
    '## Routing',
    '',
    `\`npm run bench:routing\`: ${NODES} simulated nodes in model time (${NODE.slots} slots, ${NODE.prefillRate} tokens/s read, ${NODE.decodeRate} said by one sequence alone, ${NODE.cacheTokens} tokens of cache), ${scale.seeds.length} seeds of ${scale.seconds} s, of which the first ${scale.warmUpSeconds} s are not counted. Load is of ${capacity.callsPerSecond.toFixed(1)} calls/s, what an ideal router would get out of these nodes. TTFT is the time to the first token since the call was made; a call that has none counts as its time-out of ${TIMEOUT_MS / 1_000} s. Goodput is calls answered in time. Late and lost are counts over all seeds. What this means, and what it does not: [routing.md](routing.md).`,
    '',
    ...HEAD,
    ...rows.map(rowLine),
    '',
    `${verdict(comparison)}.`,
    ...shortfalls(comparison).map((line) => `- ${line}`),
  ].join('\n');
}

export { HEAD as TABLE_HEAD };
