import { resolve } from 'node:path';
import type { PlaybookInput } from '@praxis/core';
import { findPlaybook, listPlaybooks, type FoundPlaybook } from '@praxis/playbooks';
import { defineVerb } from '../../verb.js';
import { tableLines } from '../../view/table.js';
import { planLines } from './run.js';

/** `praxis playbooks`: the playbooks that there are. */
export const playbooksVerb = defineVerb({
  usage: 'playbooks [name]',
  summary: 'list the playbooks that `praxis run` finds, or show one in full',
  examples: ['playbooks', 'playbooks profile-csv', 'playbooks --json'],
  run: async ({ args, options: { json }, context: { print, settings, cwd } }) => {
    const folders = settings.playbooks.folders.map((folder) => resolve(cwd, folder));
    if (args[0] !== undefined) {
      const { playbook, from } = findPlaybook(args[0], folders, cwd);
      if (json) print.json({ ...playbook, from });
      else print.lines([...planLines(playbook, {}, new Map()), '', exampleOf(playbook.playbook, playbook.inputs)]);
      return 0;
    }
    const found = listPlaybooks(folders);
    if (json) print.json(found.map(({ playbook, from }) => ({ ...playbook, from })));
    else print.lines(tableLines(COLUMNS, found.map(rowOf), print.columns));
    return 0;
  },
});

const COLUMNS = [{ head: 'playbook' }, { head: 'inputs' }, { head: 'from' }, { head: 'what it does' }] as const;

const rowOf = ({ playbook: { playbook, inputs, summary, title }, from }: FoundPlaybook): readonly string[] => [
  playbook,
  Object.keys(inputs).join(', '),
  from,
  summary || title,
];

const VALUES: Partial<Record<PlaybookInput['type'], string>> = {
  file: 'FILE',
  files: 'FILE',
  url: 'https://example.com',
};

const exampleOf = (name: string, inputs: Readonly<Record<string, PlaybookInput>>): string =>
  `praxis run ${name}${Object.entries(inputs)
    .filter(([, { default: value }]) => value === undefined)
    .map(([key, { type }]) => ` --in ${key}=${VALUES[type] ?? type.toUpperCase()}`)
    .join('')}`;
