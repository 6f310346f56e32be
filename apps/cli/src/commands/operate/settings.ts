import { describeSettings, settingsEnv, settingsMarkdown } from '@praxis/platform';
import { defineVerb } from '../../verb.js';
import { tableLines } from '../../view/table.js';

/** `praxis settings`: what is in force, and where it comes from. */
export const settingsVerb = defineVerb<{ readonly markdown?: boolean; readonly env?: boolean }>({
  usage: 'settings',
  summary: 'print the effective settings with their variables and meanings; secrets are hidden',
  examples: [
    'settings',
    'settings --json',
    'settings --markdown   (the page of documentation)',
    'settings --env > .env.example',
  ],
  options: (command) =>
    command
      .option('--markdown', 'the documentation of all settings')
      .option('--env', 'all variables with their defaults, commented out'),
  run: async ({ options, context: { print, settings } }) => {
    const rows = describeSettings(settings);
    if (options.markdown === true) print.raw(settingsMarkdown());
    else if (options.env === true) print.raw(settingsEnv());
    else if (options.json) print.json(rows);
    else
      print.lines(
        tableLines(
          [{ head: 'setting' }, { head: 'value' }, { head: 'from' }, { head: 'meaning' }],
          rows.map((r) => [r.key, r.value, r.source, r.meaning]),
          print.columns,
        ),
      );
    return 0;
  },
});
