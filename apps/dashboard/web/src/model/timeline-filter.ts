import type { Entry } from './timeline-entry.js';

export type TimelineFilter = 'all' | 'steps' | 'failures' | 'people';

/** Steps that were begun or still may be: what was edited away or never allowed in time is no step of the run. */
const isStep = (entry: Entry): boolean => entry.kind === 'step' && entry.outcome !== 'cancelled';
const isFailedStep = (entry: Entry): boolean =>
  entry.kind === 'step' && (entry.outcome === 'failed' || entry.outcome === 'unknown');
/** Failed steps, and what failed because of them. */
const isFailure = (entry: Entry): boolean => isFailedStep(entry) || (entry.kind === 'moment' && entry.tone === 'bad');
/** What people were asked and what they said. */
const isPeoples = (entry: Entry): boolean => entry.kind === 'moment' && entry.tone === 'ask';

const IS: Readonly<Record<TimelineFilter, (entry: Entry) => boolean>> = {
  all: () => true,
  steps: isStep,
  failures: isFailure,
  people: isPeoples,
};
const belongs = (entry: Entry, node: string | null): boolean => node === null || entry.node === node;

/** The entries to show: of one subgoal or of all, and of one kind or of all. */
export function filterEntries(
  entries: readonly Entry[],
  filter: TimelineFilter,
  node: string | null,
): readonly Entry[] {
  if (filter === 'all' && node === null) return entries;
  return entries.filter((e) => belongs(e, node) && IS[filter](e));
}

/**
 * How much there is of each kind: steps and failed steps, as the run's figures count them, and what people were asked.
 */
export function countEntries(
  entries: readonly Entry[],
  node: string | null,
): Readonly<Record<Exclude<TimelineFilter, 'all'>, number>> {
  const sum = (is: (entry: Entry) => boolean): number => entries.filter((e) => belongs(e, node) && is(e)).length;
  return { steps: sum(isStep), failures: sum(isFailedStep), people: sum(isPeoples) };
}
