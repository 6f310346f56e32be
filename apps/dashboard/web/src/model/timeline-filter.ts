import type { Entry } from './run-model.js';

export type TimelineFilter = 'all' | 'steps' | 'failures' | 'people';

const isFailure = (entry: Entry): boolean => (entry.kind === 'step' ? entry.outcome === 'failed' || entry.outcome === 'unknown' : entry.tone === 'bad');
/** What people were asked and what they said. */
const isPeoples = (entry: Entry): boolean => entry.kind === 'moment' && entry.tone === 'ask';

const IS: Readonly<Record<TimelineFilter, (entry: Entry) => boolean>> = { all: () => true, steps: (entry) => entry.kind === 'step', failures: isFailure, people: isPeoples };
const belongs = (entry: Entry, node: string | null): boolean => node === null || entry.node === node;

/** The entries to show: of one subgoal or of all, and of one kind or of all. */
export function filterEntries(entries: readonly Entry[], filter: TimelineFilter, node: string | null): readonly Entry[] {
  if (filter === 'all' && node === null) return entries;
  return entries.filter((e) => belongs(e, node) && IS[filter](e));
}

/** How many entries each filter would show. */
export function countEntries(entries: readonly Entry[], node: string | null): Readonly<Record<Exclude<TimelineFilter, 'all'>, number>> {
  const sum = (filter: TimelineFilter): number => filterEntries(entries, filter, node).length;
  return { steps: sum('steps'), failures: sum('failures'), people: sum('people') };
}
