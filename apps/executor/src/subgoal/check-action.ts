import { actionText, argumentOf, type Action, type WorldSession } from '@praxis/core';
import type { SkillRegistry } from '@praxis/actions';
import type { BelievedRules } from '@praxis/search';

/** What an action is checked against. */
export interface ActionFrame {
  readonly skills: Pick<SkillRegistry, 'validationError'>;
  readonly session: Pick<WorldSession, 'observe' | 'legal'>;
  /** The rules as they are believed; null where the world tells none. */
  readonly rules: BelievedRules | null;
}

/**
 * What speaks against an action that no policy chose, before anything is sent: its arguments, its preconditions, or
 * that the world does not offer it; null where nothing does. What the world has no rules for is left to the skill.
 */
export async function checkAction(action: Action, { skills, session, rules }: ActionFrame): Promise<string | null> {
  const validationError = skills.validationError(action);
  if (validationError !== null) return validationError;
  const parameters = await parametersOf(action, rules);
  if (parameters === null) return null;
  const args = parameters.map((name) => String(argumentOf(action, name) ?? ''));
  const explained = (await rules?.explain(await session.observe(), [{ action: action.skill, args }], '(and)')) ?? null;
  if (explained !== null && 'brokenAt' in explained) return explained.reason;
  return session.legal ? notOffered({ skill: action.skill, args }, await session.legal()) : null;
}

/** The parameters of an action of the world; null where the rules know no such action. */
async function parametersOf({ skill, args }: Action, rules: BelievedRules | null): Promise<readonly string[] | null> {
  return rules === null ? Object.keys(args) : ((await rules.words()).parameters.get(skill) ?? null);
}

/** A world may list only some of its skills. */
function notOffered(
  { skill, args }: { readonly skill: string; readonly args: readonly string[] },
  legal: readonly Action[],
): string | null {
  const text = actionText({ skill, args: Object.fromEntries(args.map((value, i) => [String(i), value])) });
  const isListed = legal.some((a) => a.skill === skill);
  return !isListed || legal.some((a) => actionText(a) === text) ? null : `the world does not offer ${text} now`;
}
