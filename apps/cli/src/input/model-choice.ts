import { MODEL_ROLES, PraxisError, type ModelRole } from '@praxis/core';

/** Models for one role, best first. */
export interface ModelChoice {
  readonly role: ModelRole;
  readonly names: readonly string[];
}

/** The names of `big|bigger`. */
export const readChain = (text: string): readonly string[] =>
  text
    .split('|')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** Reads `planner=big|bigger`. */
export function parseModelChoice(text: string): ModelChoice {
  const at = text.indexOf('=');
  const role = MODEL_ROLES.find((r) => r === text.slice(0, at).trim());
  const names = readChain(text.slice(at + 1));
  if (at === -1 || role === undefined || names.length === 0)
    throw new PraxisError(
      'invalid',
      `Write a role and its models, such as planner=big|bigger; roles are ${MODEL_ROLES.join(', ')}.`,
    );
  return { role, names };
}
