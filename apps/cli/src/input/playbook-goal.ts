import type { ArtifactStore, Goal, Json, Playbook } from '@praxis/core';
import { bindInputs, titleOfPlaybook } from '@praxis/playbooks';
import { completeGoal, type GoalOptions } from './goal-input.js';
import { readInputs, type TypedInput } from './goal-inputs.js';

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

/** A playbook, and what its inputs are given. */
export interface PlaybookCall {
  readonly playbook: Playbook;
  readonly typed: readonly TypedInput[];
  readonly options?: PlaybookGoalOptions;
}

/** Where the files of inputs are, and what stores them; null where the goal is only checked. */
export interface InputFiles {
  readonly cwd: string;
  readonly artifacts: Pick<ArtifactStore, 'put'> | null;
}

/** The goal of a playbook with inputs as they were typed; a file is stored, and its reference is the input. */
export async function readPlaybookGoal(
  { playbook, typed, options }: PlaybookCall,
  { cwd, artifacts }: InputFiles,
): Promise<Goal> {
  // A playbook says which inputs are files, so that there is nothing to note.
  const given = await readInputs(typed, { cwd, artifacts, types: playbook.inputs, note: () => undefined });
  return playbookGoal(playbook, given, options);
}
