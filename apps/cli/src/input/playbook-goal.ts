import type { Goal, Json, Playbook } from '@praxis/core';
import { bindInputs, titleOfPlaybook } from '@praxis/playbooks';
import { completeGoal, type GoalOptions } from './goal-input.js';

/** The options of a goal that go with a playbook: all but those that say what to do. */
export type PlaybookGoalOptions = Omit<
  GoalOptions,
  'world' | 'goal' | 'request' | 'scenario' | 'domain' | 'problem' | 'strategy' | 'archive'
> & { readonly archive?: boolean };

/** The goal of a playbook with what its inputs are given; fails with `invalid` where they do not fit. */
export function playbookGoal(
  playbook: Playbook,
  given: Readonly<Record<string, Json>>,
  options: PlaybookGoalOptions = {},
): Goal {
  const inputs = bindInputs(playbook, given);
  const title = titleOfPlaybook(playbook, inputs) || playbook.playbook;
  return completeGoal({ title, playbook, inputs }, { archive: true, ...options, strategy: 'playbook' });
}
