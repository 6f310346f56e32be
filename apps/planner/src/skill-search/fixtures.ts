import type { SkillManifest } from '@praxis/core';

/** A skill as a manifest declares it: parameters by name, an optional one with a question mark behind it. */
export const declared = (
  name: string,
  parameters: readonly string[],
  requires: readonly string[],
  ensures: readonly string[],
): SkillManifest => ({
  name,
  summary: name,
  parameters: parameters.map((p) => ({ name: p.replace('?', ''), type: 'string', optional: p.endsWith('?') })),
  requires,
  ensures,
  effect: 'irreversible',
  keyed: true,
  source: 'declared',
});

/** Reminding customers of overdue invoices. */
export const INVOICES: readonly SkillManifest[] = [
  declared('billing.list-overdue', [], [], ['(have ?overdue)', '(overdue-list ?overdue)']),
  declared('billing.remind', ['customer'], ['(overdue-list ?list)', '(each ?customer ?list)'], ['(reminded ?list)']),
  declared('billing.note', ['list'], ['(reminded ?list)'], ['(noted ?list)']),
];

/** A CSV file becomes a report that a person has looked at. */
export const CSV: readonly SkillManifest[] = [
  declared('profile-csv', ['in'], ['(csv ?in)'], ['(profile ?profile)', '(profile-of ?profile ?in)']),
  declared('load-csv', ['file'], [], ['(csv ?file)']),
  declared('draw-chart', ['of'], ['(profile ?of)'], ['(chart-of ?chart ?of)']),
  declared('write-report', ['p', 'g'], ['(profile ?p)', '(chart-of ?g ?p)'], ['(have ?report)', '(report ?report)']),
  declared('check-report', ['r'], ['(report ?r)'], ['(checked ?r)']),
  declared('ask-person', ['r'], ['(checked ?r)'], ['(reviewed ?r)']),
];
