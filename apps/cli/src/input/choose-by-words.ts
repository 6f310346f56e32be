import { PraxisError, type Playbook } from '@praxis/core';
import { choosePlaybook, listPlaybooks } from '@praxis/playbooks';
import type { GoalOptions } from './goal-input.js';

/** Where to look for the playbook that a request means, and who is told of files that are none. */
export interface Choosing {
  readonly folders: readonly string[];
  readonly note: (text: string) => void;
}

/**
 * The playbook that a request means by its words; null where it means none, or where the options say another way. Fails
 * with `invalid`, and names them, where it means several.
 */
export function playbookMeant(options: Omit<GoalOptions, 'archive'>, { folders, note }: Choosing): Playbook | null {
  const { request, world = 'workspace', strategy, goal, scenario, domain, problem } = options;
  const isOpen = [strategy, goal, scenario, domain, problem].every((option) => option === undefined);
  if (request === undefined || world !== 'workspace' || !isOpen) return null;
  const all = listPlaybooks(folders, ({ error }) => note(`praxis: warning: ${error.message}`));
  const choice = choosePlaybook(
    all.map(({ playbook }) => playbook),
    request,
  );
  if (choice.kind === 'none') return null;
  if (choice.kind === 'several')
    throw new PraxisError(
      'invalid',
      `The request means several playbooks: ${choice.names.join(', ')}. Run the one you mean with \`praxis run NAME\`, or say --strategy react to have a model do it.`,
    );
  note(`praxis: this is the playbook ${choice.playbook.playbook} (--strategy react has a model do it instead)`);
  return choice.playbook;
}
