import { actionText, type Action, type WorldInfo, type WorldSession } from '@praxis/core';
import type { SkillRegistry } from '@praxis/actions';
import type { PlanningModel } from '@praxis/search';

/** What an action is checked against. */
export interface ActionFrame {
  readonly skills: Pick<SkillRegistry, 'misfit'>;
  readonly session: Pick<WorldSession, 'observe' | 'legal'>;
  readonly info: Pick<WorldInfo, 'can'>;
  /** The rules as they are believed. */
  readonly model: PlanningModel;
}

/**
 * What speaks against an action that no policy chose, before anything is sent: its arguments, its preconditions, or that the
 * world does not offer it; null where nothing does. What the world has no rules for is left to the skill.
 */
export async function checkAction(action: Action, { skills, session, info, model }: ActionFrame): Promise<string | null> {
  const misfit = skills.misfit(action);
  if (misfit !== null) return misfit;
  if (model.parametersOf(action.skill).length === 0 && !model.domain.actions.some((a) => a.name === action.skill)) return null;
  const args = model.parametersOf(action.skill).map((name) => String(action.args[name] ?? ''));
  const explained = model.explain(await session.observe(), [{ action: action.skill, args }], '(and)');
  if ('brokenAt' in explained) return explained.reason;
  if (!info.can.legal) return null;
  const text = actionText({ skill: action.skill, args: Object.fromEntries(args.map((value, i) => [String(i), value])) });
  const legal = await session.legal();
  return legal.length === 0 || legal.some((a) => actionText(a) === text) ? null : `the world does not offer ${text} now`;
}
