import { exampleOf, findPlaybook, listPlaybooks, type FoundPlaybook } from '@praxis/playbooks';
import type { Playbook } from '@praxis/core';
import { knownSkills } from '../../input/known-skills.js';
import { playbookFolders } from '../../input/playbook-folders.js';
import { defineVerb } from '../../verb.js';
import { inputText } from '../../view/input-text.js';
import { planLines, previewOf } from '../../view/playbook-lines.js';
import { tableLines } from '../../view/table.js';

const NO_RULES = { deployment: [], goal: [], tenant: '' };

/** `praxis playbooks`: the playbooks that there are. */
export const playbooksVerb = defineVerb({
  usage: 'playbooks [name]',
  summary: 'list the playbooks that `praxis run` finds, or show one in full',
  examples: ['playbooks', 'playbooks profile-csv', 'playbooks --json'],
  run: async ({ args, options: { json }, context }) => {
    const { print, settings, cwd } = context;
    const folders = playbookFolders(context);
    if (args[0] !== undefined) {
      const { playbook, from } = findPlaybook(args[0], folders, cwd);
      if (json) print.json({ ...playbook, from });
      else
        print.lines(playbookLines(playbook, planLines(previewOf(playbook, {}, await knownSkills(settings), NO_RULES))));
      return 0;
    }
    const found = listPlaybooks(folders, ({ error }) => print.note(`praxis: warning: ${error.message}`));
    if (json) print.json(found.map(({ playbook, from }) => ({ ...playbook, from })));
    else print.lines(tableLines(COLUMNS, found.map(rowOf), print.columns));
    return 0;
  },
});

const COLUMNS = [{ head: 'playbook' }, { head: 'inputs' }, { head: 'from' }, { head: 'what it does' }] as const;

/** Optional inputs are in brackets. */
const rowOf = ({ playbook: { playbook, inputs, summary, title }, from }: FoundPlaybook): readonly string[] => [
  playbook,
  Object.entries(inputs)
    .map(([name, { default: value }]) => (value === undefined ? name : `[${name}]`))
    .join(', '),
  from,
  summary || title,
];

/** A playbook in full: what it takes, does and is checked by, and how it is typed. */
export function playbookLines(playbook: Playbook, plan: readonly string[]): readonly string[] {
  const { summary, inputs } = playbook;
  const start = plan.indexOf('steps');
  const taken = Object.entries(inputs).map(([name, { type, summary: about, default: value }]) => {
    const words = about === '' ? '' : `: ${about}`;
    return `  ${name} (${type})${words}${value === undefined ? '' : ` (default: ${inputText(value)})`}`;
  });
  return [
    plan[0]!,
    ...(summary === '' ? [] : [summary]),
    ...(taken.length === 0 ? [] : ['', 'inputs', ...taken]),
    '',
    ...plan.slice(start),
    '',
    exampleLine(playbook),
  ];
}

/** A command line with everything that a playbook needs. */
export function exampleLine({ playbook, inputs }: Pick<Playbook, 'playbook' | 'inputs'>): string {
  const needed = Object.entries(inputs).filter(([, { default: value }]) => value === undefined);
  return `praxis run ${playbook}${needed.map(([name, input]) => ` --in ${name}=${exampleOf(input)}`).join('')}`;
}
