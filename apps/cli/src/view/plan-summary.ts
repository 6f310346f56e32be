import type { SolvedResult } from '@praxis/search';
import { count } from './words.js';

/** What is known of a plan that was found and checked, on one line: `3 steps, cost 7 (optimal), checked`. */
export function planSummary({ steps, cost, optimal, ignoredMetric }: SolvedResult): string {
  const known = `${count(steps.length, 'step')}, cost ${cost}${optimal ? ' (optimal)' : ''}, checked`;
  if (ignoredMetric === undefined) return known;
  const instead = "only for a short plan; the cost is the metric's value";
  return `${known}; the search does not look for (${ignoredMetric}), ${instead}`;
}
