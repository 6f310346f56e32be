import { findPlaybook } from '@praxis/playbooks';
import { parseApprovalRule, type Playbook } from '@praxis/core';
import { withServices } from '../../compose/clients.js';
import type { Context } from '../../context.js';
import { followGoal, refuseSavingUnseen } from '../../follow-goal.js';
import { parseInput, readInputs, type TypedInput } from '../../input/goal-inputs.js';
import { declarePlaybookOptions } from '../../input/goal-options.js';
import { playbookFolders } from '../../input/playbook-folders.js';
import { readPlaybookGoal, type PlaybookGoalOptions } from '../../input/playbook-goal.js';
import { skillsFor } from '../../input/known-skills.js';
import { defineVerb, readingEach } from '../../verb.js';
import { planLines, previewOf } from '../../view/playbook-lines.js';

interface RunOptions extends PlaybookGoalOptions {
  readonly in?: readonly TypedInput[];
  readonly save?: string;
  readonly force?: boolean;
  readonly wait: boolean;
  readonly dryRun?: boolean;
  readonly key?: string;
}

/** `praxis run`: carries out a playbook. */
export const runVerb = defineVerb<RunOptions>({
  usage: 'run <playbook>',
  summary: 'carry out a playbook: one that is shipped, of a folder of yours, or a file',
  examples: [
    'run profile-csv --in file=sales.csv --save out',
    'run check-links --in page=https://example.com',
    'run profile-csv --in file=sales.csv --dry-run   (what it would do; needs no service)',
    'run ./remind.yaml --in most=20 --deadline 10m --rule "ask effect=irreversible"',
  ],
  options: (command) => {
    command
      .option(
        '--in <name=value>',
        'an input of the playbook; for a file its path; may be given several times',
        readingEach(parseInput),
      )
      .option('--save <folder>', 'save the files that it made there')
      .option('--force', 'replace files that are there already')
      .option('--no-wait', 'only submit it, and print the id of the run')
      .option('--dry-run', 'print the steps, what each waits for, and what would ask a person')
      .option('--key <text>', 'name the request: one key is one run, however often it is typed');
    declarePlaybookOptions(command);
  },
  run: async ({ args, options, context }) => {
    refuseSavingUnseen(options);
    const { cwd } = context;
    const { playbook } = findPlaybook(args[0]!, playbookFolders(context), cwd);
    if (options.dryRun === true) return dryRun(playbook, options, context);
    const call = { playbook, typed: options.in ?? [], options };
    // Whatever does not fit is said before a file is stored.
    await readPlaybookGoal(call, { cwd, artifacts: null });
    return withServices(context, async (services) => {
      const goal = await readPlaybookGoal(call, { cwd, artifacts: services.artifacts });
      return followGoal(goal, options, services, context);
    });
  },
});

type DryRun = RunOptions & { readonly json?: boolean };

/** Prints what would be done. An input that is not given yet is shown as missing, so that a playbook can be tried. */
async function dryRun(playbook: Playbook, options: DryRun, context: Context): Promise<number> {
  const { print, cwd, settings } = context;
  const note = (text: string): void => print.note(text);
  const given = await readInputs(options.in ?? [], { cwd, types: playbook.inputs, artifacts: null, note });
  const preview = previewOf(playbook, given, await skillsFor(playbook, context), {
    deployment: settings.approvals.rules.map(parseApprovalRule),
    goal: options.rule ?? [],
    tenant: options.tenant ?? '',
  });
  if (options.json) print.json(preview);
  else print.lines(planLines(preview));
  return 0;
}
