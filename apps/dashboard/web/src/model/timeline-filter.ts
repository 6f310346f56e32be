import type { Entry } from './run-model.js';

export type TimelineFilter = 'all' | 'steps' | 'failures';

const isFailure = (entry: Entry): boolean => (entry.kind === 'step' ? entry.outcome === 'failed' || entry.outcome === 'unknown' : entry.tone === 'bad');
const belongs = (entry: Entry, node: string | null): boolean => node === null || entry.node === node;

/** The entries to show: of one subgoal or of all, and of one kind or of all. */
export function filterEntries(entries: readonly Entry[], filter: TimelineFilter, node: string | null): readonly Entry[] {
  if (filter === 'all' && node === null) return entries;
  return entries.filter((e) => belongs(e, node) && (filter === 'all' || (filter === 'steps' ? e.kind === 'step' : isFailure(e))));
}

/** How many entries each filter would show. */
export function countEntries(entries: readonly Entry[], node: string | null): { readonly steps: number; readonly failures: number } {
  return { steps: filterEntries(entries, 'steps', node).length, failures: filterEntries(entries, 'failures', node).length };
}
