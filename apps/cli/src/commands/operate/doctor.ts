import { describeSettings } from '@praxis/platform';
import { examine, type Finding } from '../../doctor/examine.js';
import { defineVerb } from '../../verb.js';
import { tableLines } from '../../view/table.js';

const MARKS = { ok: '✓', broken: '✗', absent: '·' } as const;

/** `praxis doctor`: what is in force, and whether everything can be reached. */
export const doctorVerb = defineVerb({
  usage: 'doctor',
  summary: 'print the effective settings and try every connection; exit code 7 when something needed cannot be reached',
  examples: ['doctor', 'doctor --json'],
  run: async ({ options, context, context: { print, settings } }) => {
    const rows = describeSettings(settings);
    if (!options.json) {
      print.lines(
        tableLines(
          [{ head: 'setting' }, { head: 'value' }, { head: 'from' }],
          rows.map((r) => [r.key, r.value, r.source]),
          print.columns,
        ),
      );
      print.line();
    }
    const findings: Finding[] = [];
    for await (const finding of examine(context)) {
      findings.push(finding);
      if (!options.json)
        print.lines(
          findingLines(finding).map((line) => (finding.state === 'broken' ? print.paint(line, 'red') : line)),
        );
    }
    if (options.json) print.json({ ok: findings.every((f) => f.state !== 'broken'), settings: rows, findings });
    return findings.some((f) => f.state === 'broken') ? 7 : 0;
  },
});

/** A finding as lines of the report. */
export function findingLines({ state, what, detail }: Finding): readonly string[] {
  return [`${MARKS[state]} ${what.padEnd(9)} ${detail}`];
}
